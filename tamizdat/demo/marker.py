"""Whether a demo newsroom is finished: for which address, and by which release. Needs no Django."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import tamizdat

NAME = "demo-is-made"


def is_finished(home: Path, *, address: str) -> bool:
    file = home / NAME
    return file.exists() and file.read_text() == _words(address)


def was_finished(home: Path) -> bool:
    """Whether it was, be it at another address or before an upgrade."""
    return (home / NAME).exists()


def finish(home: Path, *, address: str) -> None:
    (home / NAME).write_text(_words(address))


def _words(address: str) -> str:
    # An upgrade that may change the database or the pages: then `demo` looks at everything again.
    migrations = sorted(path.name for path in Path(tamizdat.__path__[0]).glob("*/migrations/*.py"))
    release = [version("tamizdat"), version("django"), version("wagtail"), *migrations]
    return f"{address}\n{hashlib.sha256(repr(release).encode()).hexdigest()}\n"
