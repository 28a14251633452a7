"""Bank accounts by their international number (ISO 13616), and banks by theirs (ISO 9362)."""

import re

from tamizdat.lib.check_digits import remainder
from tamizdat.lib.countries import NotACountry, country_code

_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


class NotAnIban(ValueError):
    """It has not the shape of an IBAN, or its check digits do not fit."""


class NotABic(ValueError):
    """It has not the shape of a BIC."""


def read_iban(text: str) -> str:
    """Without spaces, in upper case. Raises NotAnIban: a digit is wrong or lost, two are swapped.

    How long those of a country are is not checked here: the check digits find what was lost.
    """
    iban = _bare(text)
    if not _SHAPE.fullmatch(iban) or remainder(iban[4:] + iban[:4]) != 1:
        raise NotAnIban
    return iban


def read_bic(text: str) -> str:
    """Raises NotABic. It has no check digits."""
    bic = _bare(text)
    if not _BIC.fullmatch(bic):
        raise NotABic
    return bic


def country_of(iban: str, *, bic: str = "") -> str:
    """Where the account is (ISO 3166-1), else where its bank is; empty when neither says.

    Check digits are not looked at: a country that is named should not be overheard.
    """
    account, bank = _bare(iban), _bare(bic)
    if _SHAPE.fullmatch(account):
        return _known(account[:2])
    return _known(bank[4:6]) if _BIC.fullmatch(bank) else ""


def _known(code: str) -> str:
    try:
        return country_code(code)
    except NotACountry:
        return ""


def _bare(text: str) -> str:
    return "".join(text.split()).upper()
