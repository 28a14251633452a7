"""A folder that is filled again and again, and touched only where something changed."""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

SUMS = "SHA256SUMS"  # in the format that `sha256sum -c` reads
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file to be: its path, what it counts as, and its bytes as often as they are wanted."""

    path: str
    kind: str
    content: Callable[[], Iterable[bytes]]


@dataclass(slots=True)
class Crate:
    """Interrupted half-way, it is filled further by the next run; no file is ever half there."""

    folder: Path
    sums: dict[str, str] = field(default_factory=dict)
    changed: int = 0

    def put(self, path: str, content: Callable[[], Iterable[bytes]]) -> None:
        """Have these bytes at `path`; a file that holds them already is left alone."""
        if not self._holds(path, content):
            self.fill(path, lambda file: file.writelines(content()))

    def fill(self, path: str, write: Callable[[BinaryIO], object]) -> None:
        """Have what `write` writes at `path`, whatever is there."""
        unfinished, target = self.folder / _UNFINISHED, self.folder / path
        with unfinished.open("wb") as file:
            write(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(unfinished, target)
        self.changed += 1
        if path != SUMS:
            self.keep(path)

    def keep(self, path: str) -> None:
        """Have the file that is there, whatever it holds."""
        with (self.folder / path).open("rb") as file:
            self.sums[path] = hashlib.file_digest(file, "sha256").hexdigest()

    def close(self) -> None:
        """Take away what an earlier run put here and this one did not; list what is here now."""
        for path in self.listed().keys() - self.sums.keys():
            gone = self.folder / path
            gone.unlink(missing_ok=True)
            self.changed += 1
            _remove_empty(gone.parent, above=self.folder)
        lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(self.sums.items()))
        target = self.folder / SUMS
        if not target.exists() or target.read_text("utf-8") != lines:
            self.fill(SUMS, lambda file: file.write(lines.encode()))

    def listed(self) -> dict[str, str]:
        """Path → digest, of the last run that came to its end."""
        listing = self.folder / SUMS
        if not listing.exists():
            return {}
        rows = (line.split("  ", 1) for line in listing.read_text("utf-8").splitlines())
        return {path: digest for digest, path in rows if _stays_inside(path)}

    def _holds(self, path: str, content: Callable[[], Iterable[bytes]]) -> bool:
        target = self.folder / path
        if not target.is_file():
            return False
        digest = hashlib.sha256()
        with target.open("rb") as there:
            for chunk in content():
                if there.read(len(chunk)) != chunk:
                    return False
                digest.update(chunk)
            if there.read(1):
                return False
        self.sums[path] = digest.hexdigest()
        return True


def _stays_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in Path(path).parts


def _remove_empty(folder: Path, *, above: Path) -> None:
    while folder != above and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
