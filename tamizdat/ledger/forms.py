from datetime import date
from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput

from tamizdat.ledger.extracts import Extract, NoSuchDays


class ExtractForm(forms.Form):
    """Which days an accountant is to have, and how."""

    first = forms.DateField(label="From", widget=AdminDateInput)
    last = forms.DateField(label="To", help_text="Both days are in it.", widget=AdminDateInput)
    format = forms.ChoiceField(
        choices=[("csv", "CSV, for a spreadsheet"), ("beancount", "beancount, plain text")]
    )

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        first, last = words.get("first"), words.get("last")
        if isinstance(first, date) and isinstance(last, date):
            try:
                words["extract"] = Extract(first, last)
            except NoSuchDays as error:
                raise forms.ValidationError(
                    "The first day must not come after the last."
                ) from error
        return words
