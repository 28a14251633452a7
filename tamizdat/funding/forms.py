from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tamizdat.funding import amounts, attesting, fees, methods, profiles, wording
from tamizdat.funding.addresses import page_of_ours
from tamizdat.funding.fees import Loss
from tamizdat.funding.giving import ONCE, REFERENCE, Gift
from tamizdat.funding.models import AmountLadder
from tamizdat.funding.origins import Origin
from tamizdat.lib.money import Money, NotAnAmount
from tamizdat.outlet.models import MailProfile
from tamizdat.payments.models.charge import new_reference
from tamizdat.payments.providers.rates import Rate


class AmountField(forms.CharField):
    """What was typed, read as money of `ladder` and held to its limits."""

    def __init__(self, ladder: AmountLadder, *, language: str) -> None:
        super().__init__(required=False, max_length=20)
        self.ladder = ladder
        self.language = language

    def clean(self, value: Any) -> Money | None:
        text = super().clean(value)
        return self._allowed(self._read(text)) if text else None

    def _read(self, text: str) -> Money:
        try:
            return Money.parse(text, self.ladder.currency)
        except NotAnAmount as error:
            raise forms.ValidationError(
                _("Please write the amount as a plain number, such as %(example)s.")
                % {"example": self.ladder.proposed.format(self.language)}
            ) from error

    def _allowed(self, money: Money) -> Money:
        if money.minor < self.ladder.least_minor:
            raise forms.ValidationError(
                _("The smallest gift is %(least)s: below it the fees would eat it.")
                % {"least": self.ladder.least.format(self.language)}
            )
        if money.minor > self.ladder.most_minor:
            raise forms.ValidationError(
                _("The largest gift on this page is %(most)s. For more, please write to us first.")
                % {"most": self.ladder.most.format(self.language)}
            )
        return money


@dataclass(frozen=True)
class Attestation:
    """What a reader who pays in one way has to say first."""

    method: str
    method_name: str
    field: forms.BoundField
    countries: str  # sent along, so that a tick means those it stood beside and no others
    sentence: str


class GiftForm(forms.Form):
    """One gift on one screen. It comes back with everything kept."""

    reference = forms.CharField(required=False)
    source_page = forms.CharField(required=False)
    method = forms.CharField(required=False)
    covers_fees = forms.BooleanField(required=False)
    mail = forms.CharField(required=False)
    address = forms.EmailField(
        required=False,
        max_length=254,
        error_messages={
            "invalid": gettext_lazy("This is no e-mail address. Is a part of it missing?")
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, asked: Mapping[str, str], language: str, on: date
    ) -> None:
        """`asked` are the fields of the ask, which may be anything; `on` is today."""
        super().__init__(data)
        self.language = language
        self.ladder = amounts.ladder_for(asked, language=language)
        self.fields["amount"] = AmountField(self.ladder, language=language)
        self.fields["own"] = AmountField(self.ladder, language=language)
        self.asked = asked
        self.to_attest = {
            way: countries
            for way in methods.taking(self.ladder.currency, interval=self.ladder.interval)
            if (countries := attesting.countries([way], self.ladder.interval, on=on))
        }
        for way in self.to_attest:
            self.fields[f"attests_{way}"] = forms.CharField(required=False, max_length=1000)
        wished = amounts.read(asked.get("amount", ""), self.ladder)
        is_preset = wished in self.ladder.presets
        self.chosen = wished if is_preset else None if wished else self.ladder.proposed
        self.own_text = asked.get("own", "") if data else ""
        if wished and not is_preset and not self.own_text:
            self.own_text = amounts.typed(wished)

    @property
    def amounts(self) -> list[tuple[str, str, bool]]:
        """Each preset as it is sent, as it is read, and whether it is chosen."""
        return [
            (amounts.typed(money), money.format(self.language), money == self.chosen)
            for money in self.ladder.presets
        ]

    @cached_property
    def methods(self) -> list[tuple[str, str, bool]]:
        names = methods.taking(self.ladder.currency, interval=self.ladder.interval)
        wished = self.asked.get("method", "")
        on = [way for way in names if way not in self.turned_off] or list(names)
        chosen = wished if wished in names else next(iter(on), "")
        return [(way, name, way == chosen) for way, name in names.items()]

    @property
    def losses(self) -> list[Loss]:
        """What fees take of each preset, when it is paid in the way that is chosen."""
        if self._rate is None:
            return []
        return fees.losses(self._rate, self.ladder, language=self.language)

    @property
    def usual_fees(self) -> str:
        return fees.usual(self._rate, language=self.language) if self._rate else ""

    @property
    def priced(self) -> list[str]:
        """The ways to pay of which `losses` are true; of others nothing is said."""
        return [way for way, _name, _is_chosen in self.methods if self._rate_of(way) == self._rate]

    @cached_property
    def _rate(self) -> Rate | None:
        chosen = next((way for way, _name, is_chosen in self.methods if is_chosen), "")
        return self._rate_of(chosen)

    def _rate_of(self, way: str) -> Rate | None:
        return methods.rate_of(way, self.ladder.currency, interval=self.ladder.interval)

    @property
    def attestations(self) -> list[Attestation]:
        """For each way to pay whose provider does not tell the country, where a rule says never."""
        return [
            Attestation(
                way,
                methods.name(way),
                self[f"attests_{way}"],
                " ".join(countries),
                wording.attestation(countries),
            )
            for way, countries in self.to_attest.items()
        ]

    @property
    def mails(self) -> list[tuple[str, str, bool]]:
        """Each way to be written to, its name, and whether it is chosen."""
        names = wording.mail_profiles()
        wished = self._mail(self.asked.get("mail", ""))
        return [(way.value, names[way], way == wished) for way in profiles.offered()]

    @cached_property
    def turned_off(self) -> list[str]:
        return methods.turned_off(self.ladder.currency, interval=self.ladder.interval)

    @cached_property
    def fresh_reference(self) -> str:
        given = self.data.get("reference", "")
        return given if REFERENCE.fullmatch(given) else new_reference()

    @cached_property
    def origin(self) -> Origin:
        return Origin.read(self.asked)

    def clean_source_page(self) -> str:
        return page_of_ours(self.cleaned_data["source_page"])

    def clean_mail(self) -> MailProfile:
        return self._mail(self.cleaned_data["mail"])

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        asked = (self.asked.get("currency"), self.asked.get("interval"))
        if asked != (self.ladder.currency, self.ladder.interval):
            self.add_error(None, _("Please choose the currency and how often you want to give."))
        if not self.errors and not (words.get("own") or words.get("amount")):
            self.add_error("own", _("Please choose an amount, or write your own."))
        is_needed = self.ladder.interval != ONCE and words.get("mail") != MailProfile.NONE
        if is_needed and not (words.get("address") or self.errors.get("address")):
            self.add_error(
                "address",
                _("We need an address here: the link to change or stop your gift comes by mail."),
            )
        if not self._provider(words.get("method", "")):
            self.add_error("method", _("Please choose how to pay."))
        self._hold_to_attestation(words)
        return words

    def _hold_to_attestation(self, words: Mapping[str, Any]) -> None:
        way = words.get("method", "")
        said = set(str(words.get(f"attests_{way}", "")).split())
        if not said.issuperset(self.to_attest.get(way, [])):
            self.add_error(
                f"attests_{way}",
                _(
                    "Please say this first, or choose another way to pay. Where it is not true, a "
                    "gift to us can be held against you."
                ),
            )

    @property
    def provider(self) -> str:
        return self._provider(self.cleaned_data["method"])

    @property
    def gift(self) -> Gift:
        words = self.cleaned_data
        wants_mail = words["mail"] != MailProfile.NONE
        return Gift(
            reference=self.fresh_reference,
            money=self._whole(words["own"] or words["amount"]),
            interval=self.ladder.interval,
            address=words["address"] if wants_mail else "",
            language=self.language,
            source_page=words["source_page"],
            mail_profile=words["mail"],
            origin=self.origin,
        )

    def _whole(self, money: Money) -> Money:
        """What is to be paid for it."""
        words = self.cleaned_data
        rate = self._rate_of(words["method"])
        return rate.so_that_arrives(money) if words["covers_fees"] and rate else money

    def _mail(self, wished: str) -> MailProfile:
        ways = {way.value: way for way in profiles.offered()}
        return ways.get(wished) or profiles.proposed(self.language)

    def _provider(self, method: str) -> str:
        return methods.provider_of(method, self.ladder.currency, interval=self.ladder.interval)
