"""What a browser with JavaScript does before it sends a form: the little sum."""

import re

from tamizdat.lib import puzzle


def solved(page):
    """The field `proof`, for the form on `page`."""
    work = re.search(r'data-work="([^"]+)"', page)[1]
    return f"{work}~{answer_to(work)}"


def answer_to(work):
    *_, most, nonce, rest = work.split(".")
    target = rest.split(":")[0]
    return next(n for n in range(int(most)) if puzzle.key_of(nonce, n) == target)
