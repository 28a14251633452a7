"""Our scripts, under addresses that change with their contents: they may be kept for ever."""

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "scripts"


@cache
def asset_path(name: str) -> str:
    """`embed.js` → `/assets/embed.1a2b3c4d.js`."""
    stem, _, kind = name.rpartition(".")
    return f"/assets/{stem}.{hashlib.sha256(asset_bytes(name)).hexdigest()[:8]}.{kind}"


@cache
def asset_bytes(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def asset_names() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir())
