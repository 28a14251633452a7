"""What an ask offers, and what a reader has chosen of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tamizdat.funding import amounts
from tamizdat.funding.models import AmountLadder
from tamizdat.lib.money import Money


@dataclass(frozen=True, slots=True)
class Gift:
    """What someone has in mind to give: `5 USD`, each `month`."""

    money: Money
    interval: str

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> Self | None:
        """From the fields of an ask. None unless they hold a gift that the checkout would take."""
        ladder = amounts.exact_ladder(fields)
        money = amounts.read(fields.get("amount", ""), ladder) if ladder else None
        return cls(money, ladder.interval) if ladder and money else None

    def fields(self) -> dict[str, str]:
        return amounts.as_asked(self.money, self.interval)


def monthly(currency: str) -> AmountLadder | None:
    """The ladder of a month in `currency`; in another if that one has none."""
    ladders = AmountLadder.objects.filter(interval=AmountLadder.Interval.MONTH).in_order()
    return ladders.filter(currency=currency).first() or ladders.first()


def presets(text: str, ladder: AmountLadder) -> list[Money]:
    """The amounts written in `text` that the ladder allows; its own where none is left."""
    found = [amounts.read(word, ladder) for word in text.replace(",", " ").split()]
    return list(filter(None, found)) or ladder.presets
