"""Our scripts, under addresses that change with their contents: they may be kept for ever."""

import hashlib
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "scripts"
PARTS = FOLDER / "parts"
ELSEWHERE = "elsewhere.js"  # named by pages that are not baked with it, so its address stays
# Begins a script that runs all it has at once: V8 then compiles it while it arrives, not while a
# page waits for it (WICG, Explicit JavaScript Compile Hints; Chromium 136). Others see a comment.
EAGER = "//# allFunctionsCalledOnLoad\n"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(?:parts/)?(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export const ", re.MULTILINE)
_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)


@cache
def asset_path(name: str) -> str:
    """`embed.js` → `/assets/embed.1a2b3c4d.js`."""
    stem, _, kind = name.rpartition(".")
    return f"/assets/{stem}.{hashlib.sha256(asset_bytes(name)).hexdigest()[:8]}.{kind}"


@cache
def asset_bytes(name: str) -> bytes:
    """A script with the parts it imports joined in: each answer is one connection for a reader."""
    path = FOLDER / name
    first = EAGER * path.read_text().startswith(EAGER)
    return (first + _joined(path, set())).encode()


def asset_names() -> list[str]:
    files = (path.name for path in FOLDER.iterdir() if path.is_file())
    return sorted(name for name in files if name != ELSEWHERE)


def _joined(path: Path, taken: set[str]) -> str:
    """What `path` imports and is not `taken` yet, then itself: all in one scope, no comments."""
    source, parts = path.read_text(), []
    for name in _IMPORT.findall(source):
        if name not in taken:
            taken.add(name)
            parts.append(_joined(PARTS / name, taken))
    own = _EXPORT.sub("const ", _COMMENT.sub("", _IMPORT.sub("", source)))
    return "".join([*parts, own])
