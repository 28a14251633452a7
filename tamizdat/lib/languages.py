"""What a language calls itself."""

from babel.core import Locale, UnknownLocaleError

from tamizdat.lib.env import BadSetting


def language_name(code: str) -> str:
    """`ru` → `Русский`. Raises BadSetting for a code that CLDR does not know."""
    try:
        name = Locale.parse(code, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError) as error:
        raise BadSetting(f"outlet.languages: {code!r} is no language code.") from error
    return str(name)[:1].upper() + str(name)[1:]
