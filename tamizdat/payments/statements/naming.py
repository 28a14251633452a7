"""Which provider of ours a bank names in an entry. Of the name of a giver nothing is kept."""

import re
from collections.abc import Iterable

from tamizdat.payments.providers import registry
from tamizdat.payments.transfer import Transfer


def provider_in(texts: Iterable[str]) -> str:
    """The code of the one that is named; empty if it is none, or several."""
    told = "\n".join(texts)
    codes = [each.code for each in registry.all_of_them() if each.code != Transfer.code]
    named = [code for code in codes if _is_named(code, told)]
    return named[0] if len(named) == 1 else ""


def _is_named(code: str, told: str) -> bool:
    """`demo-bank` as a word: also Demo Bank, DEMOBANK."""
    words = r"[\W_]*".join(re.escape(word) for word in code.split("-"))
    return bool(re.search(rf"(?<![^\W_]){words}(?![^\W_])", told, re.IGNORECASE))
