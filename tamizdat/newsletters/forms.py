from django import forms
from django.utils.translation import gettext_lazy as _


class SignUpForm(forms.Form):
    address = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Write the address we shall write to."),
            "invalid": _("This is not an address that a mail could reach. Is a letter missing?"),
        },
    )
