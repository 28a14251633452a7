"""The code that banking apps scan to fill in a transfer in euros (EPC069-12, version 2.1)."""

import segno

from tamizdat.lib.money import Money

MOST_VERSION = 13  # of the QR code, so that a telephone can read it


def payload(*, holder: str, iban: str, bic: str, money: Money, reference: str) -> str:
    """What the code says. Raises ValueError for another currency: there is no such code."""
    if money.currency != "EUR":
        raise ValueError(f"{money.currency} has no code of this kind")
    amount = f"EUR{money.major:.2f}"
    purpose = ""
    lines = ["BCD", "002", "1", "SCT", bic, holder, iban, amount, purpose, reference]
    return "\n".join(lines)


def svg(text: str) -> str:
    """Black on white with its quiet zone, whatever the colours of the page."""
    code = segno.make(text, error="m", boost_error=False, micro=False, encoding="utf-8")
    if int(code.version) > MOST_VERSION:
        raise ValueError("too much for one code")
    return code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
