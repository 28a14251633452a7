"""Amounts are written in units in the desk, and kept in minor units."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from tamizdat.funding import profiles
from tamizdat.funding.amounts import typed
from tamizdat.funding.models import MailRule, Pledge, RiskRule
from tamizdat.funding.models.ladder import MOST_PRESETS, AmountLadder
from tamizdat.funding.selfservice import PAUSES
from tamizdat.lib.countries import NotACountry, country_code
from tamizdat.lib.money import Money, NotAnAmount
from tamizdat.outlet.models import MailProfile
from tamizdat.payments.providers import registry

ACTIONS = ("stop", "pause", "resume", "skip", "lower", "link", "erase")


class LadderForm(WagtailAdminModelForm):
    presets = forms.CharField(help_text="Up to six, smallest first, such as: 2 5 10 20")
    proposed = forms.CharField(help_text="The one that is chosen already.")
    least = forms.CharField(label="Smallest")
    most = forms.CharField(label="Largest")

    class Meta:
        model = AmountLadder
        fields = ("currency", "interval")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["presets"] = " ".join(typed(money) for money in self.instance.presets)
            for name in ("proposed", "least", "most"):
                self.initial[name] = typed(getattr(self.instance, name))

    def clean(self) -> dict[str, Any]:
        words: dict[str, Any] = super().clean()
        currency = words.get("currency", "")
        try:
            presets = [Money.parse(text, currency).minor for text in words["presets"].split()]
            least, proposed, most = (
                Money.parse(words[name], currency).minor for name in ("least", "proposed", "most")
            )
        except NotAnAmount as error:
            raise ValidationError(f"“{error}” is no amount in {currency}.") from error
        except KeyError:
            return words  # a field is missing, and says so itself
        if not 0 < least <= proposed <= most:
            raise ValidationError("The order must be: smallest, proposed, largest.")
        if presets != sorted(set(presets)) or not 0 < len(presets) <= MOST_PRESETS:
            raise ValidationError("Write one to six different presets, smallest first.")
        if presets[0] < least or presets[-1] > most:
            raise ValidationError("Every preset must lie between the smallest and the largest.")
        self.instance.presets_minor = presets
        self.instance.least_minor, self.instance.most_minor = least, most
        self.instance.proposed_minor = proposed
        return words


class SeekingForm(forms.Form):
    sought = forms.CharField(
        label="E-mail address or receipt number",
        max_length=254,
        help_text="The whole address: it is kept encrypted and can only be compared. Or the "
        "number of a payment in the books.",
    )


class GivingBackForm(forms.Form):
    """Gives back `left`, or a part of it, as refund `number` of a charge."""

    amount = forms.CharField(max_length=20)
    reason = forms.CharField(
        max_length=200,
        help_text="For whoever reads the books. No names: it is kept as long as they are.",
    )
    # What the screen showed: pressed twice, or by two people, it is given back once.
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any, *, left: Money, number: int) -> None:
        super().__init__(data, initial={"amount": typed(left), "number": number})
        self.left = left
        self.fields["amount"].label = f"Amount, in {left.currency}"

    def clean_amount(self) -> Money:
        try:
            money = Money.parse(self.cleaned_data["amount"], self.left.currency)
        except NotAnAmount as error:
            example = typed(self.left)
            raise ValidationError(f"Write a plain number, such as {example}.") from error
        if not 0 < money.minor <= self.left.minor:
            raise ValidationError(f"At most {self.left.format('en')} can be given back.")
        return money


class ExplainingForm(forms.Form):
    """Why the books and a provider, or our bank, say something else."""

    note = forms.CharField(
        label="Why",
        max_length=200,
        help_text="For whoever reads the books. No names: it is kept as long as they are.",
    )
    books_it = forms.BooleanField(
        label="The provider, or the bank, is right: book it",
        required=False,
        help_text="The books then hold what it holds, against the account “suspense”, until an "
        "accountant says what it was. Leave it out if it will be put right there.",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=200,
        help_text="What the supporter asked for, and when. No names: it is kept with the gift.",
    )


class StewardingForm(ReasonForm):
    """What a supporter asked us to do about `pledge`; the button says which."""

    action = forms.ChoiceField(choices=[(one, one) for one in ACTIONS])
    months = forms.TypedChoiceField(
        choices=[(n, f"{n} months" if n > 1 else "1 month") for n in PAUSES],
        coerce=int,
        empty_value=str(PAUSES[0]),
        required=False,
    )
    amount = forms.CharField(max_length=20, required=False)
    period = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, pledge: Pledge) -> None:
        super().__init__(data, initial={"period": pledge.next_due_on})
        self.pledge = pledge
        self.fields["amount"].label = f"Smaller amount, in {pledge.currency}"

    def clean_amount(self) -> Money | None:
        if self.data.get("action") != "lower":
            return None
        try:
            money = Money.parse(self.cleaned_data["amount"], self.pledge.currency)
        except NotAnAmount as error:
            raise ValidationError("Write a plain number, such as 2.50.") from error
        if not 0 < money.minor < self.pledge.amount_minor:
            now = self.pledge.money.format("en")
            raise ValidationError(f"It must be less than {now}: only its giver can give more.")
        return money


class SwitchForm(forms.Form):
    """Turns a provider on or off, for a reason."""

    provider = forms.ChoiceField()
    turn = forms.ChoiceField(choices=[("off", "Off"), ("on", "On")])
    reason = forms.CharField(max_length=200, help_text="Kept in the log. No names of readers.")

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        codes = [(one.code, one.code) for one in registry.all_of_them()]
        self.fields["provider"].choices = codes  # type: ignore[attr-defined]


class RiskRuleForm(WagtailAdminModelForm):
    class Meta:
        model = RiskRule
        fields = ("country", "method", "interval", "action", "starts_on")

    def clean_country(self) -> str:
        return _country(self.cleaned_data["country"])


class MailRuleForm(WagtailAdminModelForm):
    class Meta:
        model = MailRule
        fields = ("country", "profile")

    def clean_country(self) -> str:
        return _country(self.cleaned_data["country"])

    def clean_profile(self) -> str:
        """Without a neutral sender there is no neutral mail."""
        profile: str = self.cleaned_data["profile"]
        if MailProfile(profile) not in profiles.offered():
            raise ValidationError("Set mail.neutral_sender first: there is no mail without a name.")
        return profile


class PreviewForm(forms.Form):
    """Which reader, and on which day."""

    country = forms.CharField(
        max_length=2, help_text="Two letters, such as BY: where the bank of the card is."
    )
    way = forms.ChoiceField(
        label="Who pays by",
        choices=[one for one in RiskRule.Method.choices if one[0] != RiskRule.Method.ANY],
    )
    on = forms.DateField(label="On the day")
    language = forms.ChoiceField(choices=settings.LANGUAGES)

    def clean_country(self) -> str:
        return _country(self.cleaned_data["country"])


def _country(text: str) -> str:
    try:
        return country_code(text)
    except NotACountry as error:
        raise ValidationError(f"{text} is no country code of ISO 3166-1, such as GB.") from error
