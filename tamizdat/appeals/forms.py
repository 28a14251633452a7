from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from tamizdat.appeals import months
from tamizdat.appeals.models import Message
from tamizdat.appeals.models.experiment import WHOLE
from tamizdat.appeals.months import Month
from tamizdat.funding import profiles, wording
from tamizdat.outlet.models import MailProfile


class RemindForm(forms.Form):
    """A month, an address, and how to write to it."""

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
    yearly = forms.BooleanField(required=False)
    mail = forms.CharField(required=False)

    def __init__(
        self, *args: Any, today: date, language: str, is_after_gift: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        if is_after_gift:
            proposed = months.proposed_after_a_gift(today)
            offered = [(n, n.in_full(language)) for n in months.offered_after_a_gift(today)]
        else:
            proposed = months.proposed(today)
            offered = [(n, n.name(language)) for n in months.offered(today)]
        self.fields["month"].initial = str(proposed)
        choices = [(str(month), name) for month, name in offered]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]

    @property
    def mails(self) -> list[tuple[str, str, bool]]:
        """Each way to write, its name, and whether it is chosen; none where there is no choice."""
        offered = [way for way in profiles.offered() if way != MailProfile.NONE]
        chosen = self._wished(str(self["mail"].value() or ""))
        names = wording.mail_profiles()
        ways = [(way.value, names[way], way == chosen) for way in offered]
        return ways if len(ways) > 1 else []

    def clean_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])

    def clean_mail(self) -> MailProfile:
        return self._wished(self.cleaned_data["mail"])

    def _wished(self, text: str) -> MailProfile:
        proposed = profiles.proposed(self.language)
        offered = [way for way in profiles.offered() if way != MailProfile.NONE]
        return next((way for way in offered if way == text), proposed)


class ExperimentForm(WagtailAdminModelForm):
    """Its arms are forms of their own, so what they are together is looked at here."""

    def clean(self) -> dict[str, Any]:
        words: dict[str, Any] = super().clean()
        forms_of_arms = [form for form in self.formsets["arms"].forms if form.is_valid()]
        arms = [form.cleaned_data for form in forms_of_arms]
        removed = [one.instance.pk for one in forms_of_arms if one.cleaned_data.get("DELETE")]
        if message := Message.objects.filter(arm__in=removed).select_related("arm").first():
            name = message.arm.name.upper()  # type: ignore[union-attr]
            raise forms.ValidationError(f"{name} has messages. Take them out of the arm first.")
        shares = sum(arm.get("share") or 0 for arm in arms if not arm.get("DELETE"))
        if shares != WHOLE:
            raise forms.ValidationError(
                f"The shares add up to {shares:,} and must to {WHOLE:,}: two equal arms have "
                f"{WHOLE // 2:,} each."
            )
        return words
