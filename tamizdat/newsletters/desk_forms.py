from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput


class SendForm(forms.Form):
    """When an issue goes out: at once where nothing is chosen."""

    send_at = forms.DateTimeField(
        label="When", required=False, widget=AdminDateTimeInput,
        help_text="In the outlet's time zone. Empty: now.",
    )  # fmt: skip

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_send_at(self) -> datetime:
        at: datetime = self.cleaned_data["send_at"] or self.now
        if at < self.now:
            raise forms.ValidationError(f"It is {timezone.localtime(self.now):%H:%M} already.")
        return at
