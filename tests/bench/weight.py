"""What the pages of a baked tree weigh."""

import re
import statistics
from pathlib import Path
from urllib.parse import unquote

BUDGET_BYTES = 8192


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


def heaviest(site: Path, count: int = 6) -> list[tuple[str, int, int]]:
    """Address, brotli bytes and words of the heaviest pages over the budget."""
    over = [path for path in site.rglob("*.html.br") if path.stat().st_size > BUDGET_BYTES]
    over.sort(key=lambda path: -path.stat().st_size)
    return [
        (f"/{path.parent.relative_to(site)}/", path.stat().st_size, _words(path.with_suffix("")))
        for path in over[:count]
    ]


def _moves(page: Path) -> bool:
    return b'http-equiv="refresh"' in page.with_suffix("").read_bytes()[:1000]


def _words(page: Path) -> int:
    body = re.sub(r"<style.*?</style>", "", page.read_text(), flags=re.DOTALL)
    return len(re.sub(r"<[^>]*>", " ", body).split())
