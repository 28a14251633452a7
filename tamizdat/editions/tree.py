"""The live tree: files that a web server hands out while we replace them.

A reader meets the old file or the new one, never half of one. What stands compressed beside a
file always holds that file: it goes before the file changes and comes back after.
"""

import contextlib
import fcntl
import itertools
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from tamizdat.editions.objects import COMPANIONS

WORKSHOP = ".baking"  # half-written files are in here: the same file system, never linked to
OURS = ".well-known/tamizdat/"  # what a mirror needs to check the rest


class OutsideTheTree(ValueError):
    """A path that would leave the tree, or that no file system can hold."""


class Tree:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._workshop = f"{root}/{WORKSHOP}"
        self._numbers = itertools.count()

    def place(self, path: str, source: str) -> None:
        """Make `path` the same file as `source`, with the companions that `source` has."""
        file = self.locate(path)
        if not _linked(source, file):
            self._make_room(file)
            self._remove_companions(file)
            self._swap_in(source, file)
        self.place_companions(path, source)

    def place_companions(self, path: str, source: str) -> None:
        file = self.locate(path)
        for suffix in COMPANIONS:
            try:
                os.link(source + suffix, file + suffix)
            except FileNotFoundError:  # it has none
                continue
            except OSError:
                with contextlib.suppress(FileNotFoundError):
                    self._swap_in(source + suffix, file + suffix)

    def write(self, path: str, content: bytes) -> None:
        """A small file of ours, whole or not at all."""
        self._replace(self.locate(path), content)

    def read(self, path: str) -> bytes:
        """What `path` holds, nothing if it is not there."""
        try:
            return Path(self.locate(path)).read_bytes()
        except (OSError, OutsideTheTree):
            return b""

    def remove(self, path: str) -> None:
        """Take `path` away, its companions first: a server may answer from those alone."""
        file = self.locate(path)
        self._remove_companions(file)
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            os.unlink(file)
            self._remove_empty_folders(os.path.dirname(file))

    def paths(self) -> Iterator[str]:
        """Every file of an edition; neither the companions of another nor what is ours."""
        for folder, subfolders, names in os.walk(self.root):
            if Path(folder) == self.root:
                subfolders[:] = [name for name in subfolders if name != WORKSHOP]
            present = set(names)
            for name in names:
                path = (Path(folder) / name).relative_to(self.root).as_posix()
                is_companion = name.endswith(COMPANIONS) and name[:-3] in present
                if not is_companion and not path.startswith(OURS):
                    yield path

    def beside(self, name: str) -> Path:
        """A file of ours that belongs to the tree but is not served from it."""
        return self.root.parent / f"{self.root.name}.{name}"

    def put_beside(self, name: str, content: bytes) -> None:
        """The same, and on the disk: what we go by after a power cut."""
        self._replace(os.fspath(self.beside(name)), content, durable=True)

    def locate(self, path: str) -> str:
        """Where `path` is on disk. Raises OutsideTheTree."""
        if not self.can_hold(path):
            raise OutsideTheTree(path)
        return f"{self.root}/{path}"

    @staticmethod
    def can_hold(path: str) -> bool:
        try:
            longest = max(len(part.encode()) for part in path.split("/"))
        except UnicodeEncodeError:
            return False
        is_strange = {"", ".", "..", WORKSHOP} & set(path.split("/")) or {"\0", "\\"} & set(path)
        return longest <= 250 and not is_strange

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Wait for everyone who holds this lock of this tree, in any process."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self.beside(f"{name}.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        # flock is not fair: without a pause the one who lets go would be first again.
        time.sleep(0.001)

    def tidy(self) -> None:
        """Throw away what a crash left half-written. Only for who holds the lock."""
        shutil.rmtree(self._workshop, ignore_errors=True)

    def _replace(self, file: str, content: bytes, *, durable: bool = False) -> None:
        draft = self._draft()
        with open(draft, "wb") as stream:
            stream.write(content)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        os.makedirs(os.path.dirname(file), exist_ok=True)
        os.replace(draft, file)

    def _swap_in(self, source: str, file: str) -> None:
        draft = self._draft()
        try:
            os.link(source, draft)
        except OSError:  # another file system, or too many links to one file
            shutil.copyfile(source, draft)
        os.replace(draft, file)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)  # replacing a file by another name of itself leaves both

    def _draft(self) -> str:
        if not os.path.isdir(self._workshop):
            os.makedirs(self._workshop, exist_ok=True)
        return f"{self._workshop}/{os.getpid():x}-{time.time_ns():x}-{next(self._numbers)}"

    def _make_room(self, file: str) -> None:
        """A file where a folder is needed, or the other way round, belongs to an older edition."""
        try:
            os.makedirs(os.path.dirname(file), exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            for folder in reversed(Path(file).relative_to(self.root).parents[:-1]):
                if (self.root / folder).is_file():
                    self.remove(folder.as_posix())
            os.makedirs(os.path.dirname(file), exist_ok=True)
        if os.path.isdir(file):
            shutil.rmtree(file)

    def _remove_companions(self, file: str) -> None:
        for suffix in COMPANIONS:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                os.unlink(file + suffix)

    def _remove_empty_folders(self, folder: str) -> None:
        while folder != os.fspath(self.root):
            try:
                os.rmdir(folder)
            except OSError:
                return
            folder = os.path.dirname(folder)


def _linked(source: str, file: str) -> bool:
    """Where nothing stood, a link is the quickest way, and as atomic."""
    try:
        os.link(source, file)
    except FileNotFoundError:
        with contextlib.suppress(OSError):
            os.mkdir(os.path.dirname(file))
            os.link(source, file)
            return True
        return False
    except OSError:
        return False
    return True
