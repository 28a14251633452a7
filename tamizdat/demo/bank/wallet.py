"""The cards and accounts that the pretend bank knows, and how each behaves."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Holder:
    """A card or an account, and what happens when it is to pay."""

    number: str
    method: str  # card, or wallet
    country: str  # ISO 3166-1 of whoever issued it
    about: str  # which sentence of wording.py describes it
    asks: bool = False  # its bank wants to hear from the reader first (3-D Secure)
    refusal: str = ""  # why its bank says no
    is_hard: bool = False
    later_refusals: int = 0  # how often it says no once the reader is not there
    asks_always: bool = False  # also when the reader is not there to answer
    lives: int = 60  # months, from the day on which it is kept
    risk: str = ""  # what the bank thinks of it: elevated, highest

    @property
    def spaced(self) -> str:
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))


HOLDERS = (
    Holder("4000000000000010", "card", "US", "pays"),
    Holder("4000000000003220", "card", "DE", "asks", asks=True),
    Holder("4000000000009995", "card", "FR", "empty", refusal="insufficient_funds"),
    Holder("4000000000009979", "card", "GB", "stolen", refusal="stolen_card", is_hard=True),
    Holder("4000000000000341", "card", "NL", "tires", later_refusals=2),
    Holder("4000000000003238", "card", "DE", "asks_always", asks=True, asks_always=True),
    Holder("4000000000000069", "card", "IE", "expires", lives=1),
    Holder("4000000000009235", "card", "IE", "risky", risk="elevated"),
    Holder("4000000000000643", "card", "RU", "issued"),
    Holder("4000000000000112", "card", "BY", "issued"),
    Holder("4000000000000364", "card", "IR", "issued"),
    Holder("70001001", "wallet", "EE", "purse"),
    Holder("70001002", "wallet", "EE", "empty_purse", refusal="insufficient_funds"),
)
_BY_NUMBER = {holder.number: holder for holder in HOLDERS}


def find(number: str) -> Holder | None:
    """What a person typed or pressed: spaces and dashes do not count, and any digits will do."""
    digits = "".join(str(unicodedata.digit(mark)) for mark in number if mark.isdigit())
    return _BY_NUMBER.get(digits)
