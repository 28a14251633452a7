from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tamizdat.appeals.months import Month, offered, proposed


class RemindForm(forms.Form):
    address = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Write the address we shall write to."),
            "invalid": _("This is not an address that a mail could reach. Is a letter missing?"),
        },
    )
    month = forms.ChoiceField(
        error_messages={
            "required": _("Choose a month."),
            "invalid_choice": _("Choose one of these months."),
        }
    )

    def __init__(self, *args: Any, today: date, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].initial = str(proposed(today))
        choices = [(str(month), month.name(language)) for month in offered(today)]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]

    def clean_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])
