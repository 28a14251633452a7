from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tamizdat.funding import amounts, methods
from tamizdat.funding.giving import ONCE, REFERENCE, Gift
from tamizdat.funding.models import AmountLadder
from tamizdat.lib.money import Money, NotAnAmount
from tamizdat.payments.models.charge import new_reference


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


class GiftForm(forms.Form):
    """One gift on one screen. It comes back with everything kept."""

    reference = forms.CharField(required=False)
    source_path = forms.CharField(required=False)
    method = forms.CharField(required=False)
    address = forms.EmailField(
        required=False,
        max_length=254,
        error_messages={
            "invalid": gettext_lazy("This is no e-mail address. Is a part of it missing?")
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, asked: Mapping[str, str], language: str
    ) -> None:
        """`asked` are the fields of the ask, which may be anything."""
        super().__init__(data)
        self.language = language
        self.ladder = amounts.ladder_for(asked, language=language)
        self.fields["amount"] = AmountField(self.ladder, language=language)
        self.fields["own"] = AmountField(self.ladder, language=language)
        self.asked = asked
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

    @property
    def methods(self) -> list[tuple[str, str, bool]]:
        names = methods.taking(self.ladder.currency)
        wished = self.asked.get("method", "")
        chosen = wished if wished in names else next(iter(names), "")
        return [(way, name, way == chosen) for way, name in names.items()]

    @cached_property
    def fresh_reference(self) -> str:
        given = self.data.get("reference", "")
        return given if REFERENCE.fullmatch(given) else new_reference()

    def clean_source_path(self) -> str:
        return source_path(self.cleaned_data["source_path"])

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        asked = (self.asked.get("currency"), self.asked.get("interval"))
        if asked != (self.ladder.currency, self.ladder.interval):
            self.add_error(None, _("Please choose the currency and how often you want to give."))
        if not self.errors and not (words.get("own") or words.get("amount")):
            self.add_error("own", _("Please choose an amount, or write your own."))
        if self.ladder.interval != ONCE and not (
            words.get("address") or self.errors.get("address")
        ):
            self.add_error(
                "address",
                _("We need an address here: the link to change or stop your gift comes by mail."),
            )
        if not self._provider(words.get("method", "")):
            self.add_error("method", _("Please choose how to pay."))
        return words

    @property
    def provider(self) -> str:
        return self._provider(self.cleaned_data["method"])

    @property
    def gift(self) -> Gift:
        words = self.cleaned_data
        return Gift(
            reference=self.fresh_reference,
            money=words["own"] or words["amount"],
            interval=self.ladder.interval,
            address=words["address"],
            language=self.language,
            source_path=words["source_path"],
        )

    def _provider(self, method: str) -> str:
        return methods.provider_of(method, self.ladder.currency)


def source_path(text: str) -> str:
    """The story a gift was made from: a path of ours, or nothing."""
    is_path = text.startswith("/") and not text.startswith("//") and len(text) <= 200
    return text if is_path else ""
