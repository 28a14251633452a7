"""Looking at a page as a reader's browser gets it."""

import re

import brotli
from lxml import html

from tests.baked import baked


def brotli_bytes(data: bytes) -> int:
    return len(brotli.compress(data, quality=11))


def page_of(page) -> html.HtmlElement:
    return html.fromstring(baked(page))


def fetched(root: html.HtmlElement) -> set[str]:
    """Every address that a browser fetches or sends to by itself or at the press of a button."""
    found = set(root.xpath("//@src | //@poster | //form/@action | //@formaction | //link/@href"))
    for srcset in root.xpath("//@srcset"):
        found |= {part.split()[0] for part in srcset.split(",")}
    found |= set(re.findall(r"url\(([^)]*)\)", "".join(root.xpath("//style/text()"))))
    return {str(address) for address in found}
