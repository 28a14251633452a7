"""Pages that are there whatever the newsroom writes, and are no page of the desk."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from tamizdat.theme.facts.paper import fronts


@dataclass(frozen=True, slots=True)
class Standing:
    """Such a page, as its head and masthead need it."""

    title: str
    url: str
    language: str
    same: tuple[tuple[str, str], ...]
    search_description: str = ""
    kind: str = "standing"


def standing(name: str, language: str, title: str, *, says: str = "") -> Standing:
    """The page at `/name/`; it is there in every language that has a front."""
    codes: Iterable[str] = (front.language for front in fronts())
    same = tuple((code, f"/{prefix(code)}{name}/") for code in codes if code != language)
    return Standing(title, f"/{prefix(language)}{name}/", language, same, says)


def prefix(language: str) -> str:
    """What the paths of a language begin with."""
    return "" if language == settings.LANGUAGE_CODE else f"{language}/"
