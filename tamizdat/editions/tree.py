"""The live tree: files that a web server hands out while we replace them.

A reader meets the old file or the new one, never half of one. What stands compressed beside a
file always holds that file: it goes before the file changes and comes back after. So a crash
leaves a file without its companions at worst, and the next `put` of it heals that.
"""

import contextlib
import fcntl
import gzip
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]

COMPRESSIBLE = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".webmanifest", ".xml"}
COMPANIONS = (".gz", ".br")
WORKSHOP = ".baking"  # half-written files are in here: the same file system, never linked to


class OutsideTheTree(ValueError):
    """A path that would leave the tree, or that no file system can hold."""


class Tree:
    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, path: str, content: bytes) -> bool:
        """Make `path` hold `content`. False if it already did, companions included."""
        file = self.locate(path)
        is_new = not _holds(file, content)
        wanted = [c for c in _companions(file) if is_new or not c.exists()]
        companions = {companion: _compressed(companion, content) for companion in wanted}
        if is_new:
            self._remove_companions(file)
            self._replace(file, content)
        for companion, data in companions.items():
            self._replace(companion, data)
        return is_new or bool(companions)

    def link(self, path: str, source: Path) -> bool:
        """Make `path` the same file as `source`, or a copy where it cannot be linked."""
        file = self.locate(path)
        if file.exists() and (file.samefile(source) or _same_bytes(file, source)):
            return False
        with self._draft(file) as draft:
            draft.unlink()
            try:
                os.link(source, draft)
            except OSError:
                _write(draft, source.read_bytes())
        return True

    def read(self, path: str) -> bytes:
        """What `path` holds, nothing if it is not there."""
        try:
            return self.locate(path).read_bytes()
        except (OSError, OutsideTheTree):
            return b""

    def remove(self, path: str) -> bool:
        """Take `path` away, its companions first: a server may answer from those alone."""
        file = self.locate(path)
        self._remove_companions(file)
        try:
            file.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        self._remove_empty_folders(file.parent)
        return True

    def keep_only(self, claimed: set[str]) -> int:
        """Remove every file that is not claimed; how many went, companions not counted."""
        gone = [path for path in self.paths() if path not in claimed]
        for path in gone:
            self.remove(path)
        shutil.rmtree(self.root / WORKSHOP, ignore_errors=True)
        return len(gone)

    def paths(self) -> Iterator[str]:
        """Every file but the companions of another."""
        for folder, subfolders, names in os.walk(self.root):
            if Path(folder) == self.root:
                subfolders[:] = [name for name in subfolders if name != WORKSHOP]
            present = set(names)
            for name in names:
                if not (name.endswith(COMPANIONS) and name[:-3] in present):
                    yield (Path(folder) / name).relative_to(self.root).as_posix()

    def beside(self, name: str) -> Path:
        """A file of ours that belongs to the tree but is not served from it."""
        return self.root.parent / f"{self.root.name}.{name}"

    def put_beside(self, name: str, content: bytes) -> None:
        file = self.beside(name)
        if not _holds(file, content):
            draft = file.with_name(f".{file.name}.draft")
            _write(draft, content)
            draft.replace(file)

    def measure(self) -> tuple[int, int]:
        """Files, companions not counted, and bytes, companions counted."""
        folders = os.walk(self.root)
        sizes = (
            (Path(folder) / name).stat().st_size for folder, _, names in folders for name in names
        )
        return sum(1 for _ in self.paths()), sum(sizes)

    def locate(self, path: str) -> Path:
        """Where `path` is on disk. Raises OutsideTheTree."""
        parts = path.split("/")
        too_long = any(len(part.encode(errors="replace")) > 250 for part in parts)
        if too_long or {"", ".", "..", WORKSHOP} & set(parts) or "\0" in path or "\\" in path:
            raise OutsideTheTree(path)
        return self.root.joinpath(*parts)

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Wait for everyone who holds this lock of this tree, in any process."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self.beside(f"{name}.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        # flock is not fair: without a pause the one who lets go would be first again.
        time.sleep(0.001)

    def _replace(self, file: Path, content: bytes) -> None:
        with self._draft(file) as draft:
            _write(draft, content)

    @contextlib.contextmanager
    def _draft(self, file: Path) -> Iterator[Path]:
        """A name to write to, which takes the place of `file` when that went well."""
        workshop = self.root / WORKSHOP
        workshop.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=workshop)
        os.close(descriptor)
        draft = Path(name)
        try:
            yield draft
            self._make_room(file)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)

    def _make_room(self, file: Path) -> None:
        """A file where a folder is needed, or the other way round, belongs to an older tree."""
        for folder in reversed(file.relative_to(self.root).parents[:-1]):
            if (self.root / folder).is_file():
                self.remove(folder.as_posix())
        if file.is_dir():
            shutil.rmtree(file)
        file.parent.mkdir(parents=True, exist_ok=True)

    def _remove_companions(self, file: Path) -> None:
        for companion in _companions(file):
            with contextlib.suppress(NotADirectoryError):
                companion.unlink(missing_ok=True)

    def _remove_empty_folders(self, folder: Path) -> None:
        while folder != self.root:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _companions(file: Path) -> list[Path]:
    suffixes = COMPANIONS if file.suffix in COMPRESSIBLE else ()
    return [file.with_name(file.name + suffix) for suffix in suffixes]


def _compressed(companion: Path, content: bytes) -> bytes:
    if companion.suffix == ".br":
        return brotli.compress(content)
    return gzip.compress(content, 9, mtime=0)


def _write(file: Path, content: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    file.chmod(0o644)


def _holds(file: Path, content: bytes) -> bool:
    try:
        return file.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def _same_bytes(file: Path, other: Path) -> bool:
    return file.stat().st_size == other.stat().st_size and file.read_bytes() == other.read_bytes()
