"""Digits as a language writes them."""

from babel.core import Locale

_DIGITS = {"arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹"}


def in_numerals(text: str, language: str) -> str:
    """`text` with its Latin digits replaced by those CLDR names as default for `language`."""
    digits = _DIGITS.get(Locale.parse(language, sep="-").default_numbering_system)
    return text.translate(str.maketrans("0123456789", digits)) if digits else text
