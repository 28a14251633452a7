"""Looking at a page as a reader's browser gets it."""

import random
import re
from functools import partial

import brotli
from lxml import html

from tests.baked import baked

_KEY = re.compile(rb"(?<=appeal=)\w{6}\b|(?<=appeal value=)\w{6}\b")


def brotli_bytes(data: bytes) -> int:
    return len(brotli.compress(data, quality=11))


def most_brotli_bytes(page: bytes) -> int:
    """Whatever keys the page's messages drew: one key or another is 40 bytes more or less."""
    assert _KEY.search(page)
    return max(brotli_bytes(_KEY.sub(partial(_another_key, seed), page)) for seed in range(16))


def _another_key(seed: int, found: re.Match[bytes]) -> bytes:
    drawn = random.Random(1000 * seed + found.start())
    return bytes(drawn.choices(b"abcdefghjkmnpqrstuvwxyz23456789", k=6))


def page_of(page) -> html.HtmlElement:
    return html.fromstring(baked(page))


def fetched(root: html.HtmlElement) -> set[str]:
    """Every address that a browser fetches or sends to by itself or at the press of a button."""
    found = set(root.xpath("//@src | //@poster | //form/@action | //@formaction | //link/@href"))
    for srcset in root.xpath("//@srcset"):
        found |= {part.split()[0] for part in srcset.split(",")}
    found |= set(re.findall(r"url\(([^)]*)\)", "".join(root.xpath("//style/text()"))))
    return {str(address) for address in found}
