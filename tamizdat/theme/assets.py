"""Our scripts, under addresses that change with their contents: they may be kept for ever."""

import hashlib
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "scripts"
PARTS = FOLDER / "parts"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(?:parts/)?(\w+\.js)";\n', re.MULTILINE)


@cache
def asset_path(name: str) -> str:
    """`embed.js` → `/assets/embed.1a2b3c4d.js`."""
    stem, _, kind = name.rpartition(".")
    return f"/assets/{stem}.{hashlib.sha256(asset_bytes(name)).hexdigest()[:8]}.{kind}"


@cache
def asset_bytes(name: str) -> bytes:
    """A script with the parts it imports joined in: each answer is one connection for a reader."""
    return _joined(FOLDER / name, set()).encode()


def asset_names() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir() if path.is_file())


def _joined(path: Path, taken: set[str]) -> str:
    """What `path` imports and is not `taken` yet, then itself: all in one scope."""
    source, parts = path.read_text(), []
    for name in _IMPORT.findall(source):
        if name not in taken:
            taken.add(name)
            parts.append(_joined(PARTS / name, taken))
    own = _IMPORT.sub("", source).replace("\nexport const ", "\nconst ")
    return "".join([*parts, own])
