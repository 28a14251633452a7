from django import forms

from tamizdat.lib.age_keys import HOW_TO_MAKE_ONE, NotAnAgeKey, recipient_of


class AskingForm(forms.Form):
    """Asking to take supporters away."""

    reason = forms.CharField(
        max_length=200, help_text="Why, and where it goes. No names: it is kept for good."
    )
    recipient = forms.CharField(
        max_length=100, label="Age key that alone will open it", help_text=HOW_TO_MAKE_ONE
    )

    def clean_recipient(self) -> str:
        try:
            recipient_of(self.cleaned_data["recipient"])
        except NotAnAgeKey as error:
            raise forms.ValidationError(str(error)) from None
        return str(self.cleaned_data["recipient"])
