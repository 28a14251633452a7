"""What the pages of a baked tree weigh."""

import re
import statistics
from pathlib import Path
from urllib.parse import unquote

import brotli

BUDGET_BYTES = 8192
WORDS_IN_BUDGET = 1000  # what the budget promises room for
STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
PROSE = re.compile(r"<(p|li|h[2-6]|blockquote)\b.*?</\1>", re.DOTALL)
PARTS = {
    "pictures": re.compile(r"<(picture|figure)\b.*?</\1>", re.DOTALL),
    "tables": re.compile(r"<table\b.*?</table>", re.DOTALL),
    "code": re.compile(r"<pre\b.*?</pre>", re.DOTALL),
    "lists of links": re.compile(r"<(ul|ol)\b.*?</\1>", re.DOTALL),
}


def of_kinds(site: Path, addresses: dict[str, str]) -> dict[str, dict[str, int]]:
    """Brotli bytes by kind of page and language."""
    found: dict[str, dict[str, int]] = {}
    for language, story in addresses.items():
        front = "/" if language == "en" else f"/{language}/"
        for kind, address in {"front": front, "story": story, "give": f"{front}give/"}.items():
            file = site / unquote(address).strip("/") / "index.html.br"
            found.setdefault(kind, {})[language] = file.stat().st_size
    return found


def of_pages(site: Path) -> dict[str, float]:
    """Of all HTML pages that are no redirect: how many, and their brotli bytes."""
    sizes = {path: path.stat().st_size for path in site.rglob("*.html.br") if not _moves(path)}
    ordered = sorted(sizes.values())
    return {
        "pages": len(ordered),
        "median": statistics.median(ordered),
        "p95": ordered[int(0.95 * (len(ordered) - 1))],
        "worst": ordered[-1],
        "over": sum(size > BUDGET_BYTES for size in ordered),
    }


def heaviest(site: Path, count: int = 6) -> list[tuple[str, int, int, str]]:
    """Address, brotli bytes, words, and what it has more of than the budget allows for."""
    over = [path for path in site.rglob("*.html.br") if path.stat().st_size > BUDGET_BYTES]
    over.sort(key=lambda path: -path.stat().st_size)
    return [
        (
            f"/{path.parent.relative_to(site)}/",
            path.stat().st_size,
            words(path.with_suffix("").read_text()),
            broken_rule(path.with_suffix("").read_text()),
        )
        for path in over[:count]
    ]


def broken_rule(html: str) -> str:
    """Why a page is over the budget: what it weighs less by, most of all, without."""
    whole = len(brotli.compress(html.encode()))
    if words(html) > WORDS_IN_BUDGET:
        without = {f"words: {words(html):,} of {WORDS_IN_BUDGET:,}": _shortened(html)}
    else:
        without = {}
    for rule, part in PARTS.items():
        without[rule] = part.sub("", html)
    weights = {rule: len(brotli.compress(text.encode())) for rule, text in without.items()}
    rule = min(weights, key=lambda rule: weights[rule])
    return f"{rule} (−{whole - weights[rule]:,} bytes)"


def _shortened(html: str) -> str:
    """Without the words of its paragraphs after the first thousand."""
    kept = 0

    def cut(paragraph: re.Match[str]) -> str:
        nonlocal kept
        kept += words(paragraph[0])
        return paragraph[0] if kept <= WORDS_IN_BUDGET else ""

    return PROSE.sub(cut, html)


def _moves(page: Path) -> bool:
    return b'http-equiv="refresh"' in page.with_suffix("").read_bytes()[:1000]


def words(html: str) -> int:
    return len(TAG.sub(" ", STYLE.sub("", html)).split())
