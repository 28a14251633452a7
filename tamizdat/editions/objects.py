"""The store of everything that was ever in an edition: each content once, under its SHA-256.

An object that exists is whole: it was written under another name. Its compressed companions are
there before it. Nothing is synced one by one; an edition does that once, for all it holds.
"""

import contextlib
import gzip
import hashlib
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from isal import igzip

COMPANIONS = (".br", ".gz")
USED_AGAIN_AFTER_NS = 3600 * 10**9
_WHOLE, _FAST = 0o444, 0o644  # one file stands in many places: nobody should edit it there
_BLOCK = 1 << 20
# Brotli's quality and window (its logarithm). A page packed quickly is a tenth larger than at its
# best, and takes a thirtieth of the time. Less would not do: a long story must be whole after 16 KB
# from its first minute on (tests/journeys/test_curtain.py).
_BEST, _QUICK = (11, 22), (5, 18)


class Objects:
    """Any number of processes may put at once; `root` need not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = os.fspath(root)
        self._known = f"{self.root}/known"
        # Files are made in one folder and renamed into 256: ext4 takes a millisecond to make one
        # in another folder each time, and a fiftieth of that to rename it.
        self._drafts = f"{self.root}/drafts"

    def file(self, name: str) -> str:
        return f"{self.root}/{name[:2]}/{name}"

    def has(self, name: str) -> bool:
        return os.path.exists(self.file(name))

    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError."""
        with open(self.file(name), "rb") as file:
            return file.read()

    def put(self, content: bytes, *, compress: bool, best: bool) -> str:
        """Keep `content`; its name. `compress` keeps it in brotli and gzip too.

        What is not compressed `best` is left writable: so `polish` knows it.
        """
        name = hashlib.sha256(content).hexdigest()
        file = self.file(name)
        if self._uses(file) and (not compress or os.path.exists(f"{file}.gz")):
            return name
        if compress:
            self._compress(file, content, best=best)
        self._write(file, content)
        return name

    def is_fast(self, name: str) -> bool:
        """Whether it has companions that could be smaller."""
        try:
            return bool(os.stat(f"{self.file(name)}.gz").st_mode & 0o200)
        except FileNotFoundError:
            return False

    def polish(self, name: str) -> bool:
        """Compress as well as can be what was stored fast; False if there is nothing to do."""
        if not self.is_fast(name):
            return False
        self._compress(self.file(name), self.read(name), best=True)
        return True

    def add_file(self, source: Path) -> str:
        """Keep a file, without a second copy where it can be linked; its name.

        It is read once: later its number, size and time are enough to know it again.
        """
        status = source.stat()
        known = f"{self._known}/{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"
        with contextlib.suppress(OSError):
            name = os.readlink(known)
            if self._uses(self.file(name)):
                return name
        name = self._take_in(source)
        os.makedirs(self._known, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.symlink(name, known)
        return name

    def everything(self) -> Iterator[os.DirEntry[str]]:
        """Every file of the store: objects, companions, and drafts that a crash left."""
        with os.scandir(self.root) as folders:
            for folder in [entry for entry in folders if entry.path != self._known]:
                with os.scandir(folder) as files:
                    yield from files

    def mend(self, name: str) -> bool:
        """Make the companions again; if the object itself is not what its name says, drop it."""
        file = self.file(name)
        with contextlib.suppress(FileNotFoundError):
            if _hash(file) == name:
                if os.path.exists(f"{file}.gz"):
                    self._compress(file, self.read(name), best=True)
                return True
        for path in (file, *(file + suffix for suffix in COMPANIONS)):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
        return False

    def take_back(self, name: str, source: str) -> bool:
        """Keep again what was handed out at `source`; False if something else is there now."""
        try:
            if _hash(source) != name:
                return False
        except OSError:
            return False
        for suffix in (*COMPANIONS, ""):
            if os.path.exists(source + suffix):
                self._adopt(self._borrow(source + suffix), self.file(name) + suffix)
        return True

    def forget_lost_files(self) -> None:
        """Know no picture any more whose object was cleared away."""
        with contextlib.suppress(FileNotFoundError), os.scandir(self._known) as known:
            for link in known:
                if not os.path.exists(self.file(os.readlink(link.path))):
                    os.unlink(link.path)

    def _uses(self, file: str) -> bool:
        """Whether the object is there; if so, it is not cleared away soon."""
        try:
            status = os.stat(file)
        except FileNotFoundError:
            return False
        now = time.time_ns()
        if now - status.st_atime_ns > USED_AGAIN_AFTER_NS:
            os.utime(file, ns=(now, status.st_mtime_ns))
        return True

    def _compress(self, file: str, content: bytes, *, best: bool) -> None:
        mode, (quality, window) = (_WHOLE, _BEST) if best else (_FAST, _QUICK)
        packed = brotli.compress(content, quality=quality, lgwin=window)
        self._write(f"{file}.br", packed, mode=mode)
        zipped = gzip.compress(content, 9, mtime=0) if best else igzip.compress(content, 3, mtime=0)
        self._write(f"{file}.gz", zipped, mode=mode)

    def _write(self, file: str, content: bytes, *, mode: int = _WHOLE) -> None:
        draft = self._draft()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            descriptor = os.open(draft, flags, 0o644)
        except FileNotFoundError:
            os.makedirs(self._drafts, exist_ok=True)
            descriptor = os.open(draft, flags, 0o644)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)
        self._settle(draft, file)

    def _take_in(self, source: Path) -> str:
        draft = self._borrow(os.fspath(source))
        name = _hash(draft)
        self._adopt(draft, self.file(name))
        self._uses(self.file(name))
        return name

    def _borrow(self, source: str) -> str:
        os.makedirs(self._drafts, exist_ok=True)
        draft = self._draft()
        try:
            os.link(source, draft)
        except OSError:  # another file system
            shutil.copyfile(source, draft)
        return draft

    def _adopt(self, draft: str, file: str) -> None:
        self._settle(draft, file)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)  # renaming a file to another name of itself leaves both

    def _draft(self) -> str:
        return f"{self._drafts}/{os.getpid():x}-{threading.get_ident():x}-{time.time_ns():x}"

    def _settle(self, draft: str, file: str) -> None:
        try:
            os.rename(draft, file)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(file), exist_ok=True)
            os.rename(draft, file)


def _hash(file: str) -> str:
    digest = hashlib.sha256()
    with open(file, "rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
