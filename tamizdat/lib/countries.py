"""Countries as two letters (ISO 3166-1), after the list in CLDR."""

from babel.core import Locale


class NotACountry(ValueError):
    """No country has this code."""


def country_code(text: str) -> str:
    """The code in upper case. Raises NotACountry."""
    code = text.upper()
    if not (len(code) == 2 and code.isalpha() and code in Locale("en").territories):
        raise NotACountry(text)
    return code
