"""The files of the old site, from a folder or straight out of a ZIP archive of it."""

import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from tamizdat.stories.importing.export import ImportRefused

LARGEST_BYTES = 1 << 28  # no picture is larger; what is, is left where it is
_BOMB_BYTES = 1 << 22
_BOMB_RATIO = 200  # pictures are packed already and shrink by a few hundredths
_AGAIN = "Make the archive again from a copy of the old site's files, or give the folder itself."


class Uploads(Protocol):
    def read(self, name: str) -> bytes | None:
        """The file of this name, such as 2020/05/pier.png; None if it is not there.

        Raises OSError if it is there and cannot be read.
        """


def opened(path: Path, *, files: str = "/uploads/") -> Uploads:
    """What lies in a folder called as the last one of `files`, or in that one itself.

    Raises ImportRefused if it is neither a folder nor a sound and harmless archive.
    """
    name = files.strip("/").rpartition("/")[2]
    if path.is_dir():
        return Folder(path / name if (path / name).is_dir() else path)
    if not path.is_file():
        raise ImportRefused(
            f"There is no folder or ZIP archive {path}. Give a copy of the old site's {name}."
        )
    return Archive(path, within=f"/{name}/")


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    def read(self, name: str) -> bytes | None:
        for spelling in _spellings(name):
            path = (self.path / spelling).resolve()
            if path.is_relative_to(self.path) and path.is_file():
                _refuse_size(path.stat().st_size)
                return path.read_bytes()
        return None


class Archive:
    """Nothing is unpacked to the disk, so no name in it can lead anywhere."""

    def __init__(self, path: Path, *, within: str = "/uploads/") -> None:
        self.name = path.name
        self.within = within
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError):
            raise ImportRefused(
                f"{path.name} is no ZIP archive, or it is damaged or cut off. {_AGAIN}"
            ) from None
        self._members = dict(self._harmless_members())

    def read(self, name: str) -> bytes | None:
        member = self._members.get(unicodedata.normalize("NFC", name))
        if member is None:
            return None
        _refuse_size(member.file_size)
        try:
            return self._zip.read(member)  # never more than the size it says, which was looked at
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise OSError(f"damaged in the archive ({error})") from None

    def _harmless_members(self) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        for member in self._zip.infolist():
            name = unicodedata.normalize("NFC", member.filename)
            if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
                self._refuse(f"a file whose name leads out of it, {name[:80]!r}")
            if member.flag_bits & 1:
                self._refuse("files behind a password")
            packed = max(member.compress_size, 1)
            if member.file_size > max(_BOMB_BYTES, _BOMB_RATIO * packed):
                self._refuse(f"a file that swells when unpacked as an attack does, {name[:80]!r}")
            if not member.is_dir():
                yield f"/{name}".rpartition(self.within)[2].lstrip("/"), member

    def _refuse(self, what: str) -> None:
        self._zip.close()
        raise ImportRefused(f"{self.name} holds {what}. Nothing was read. {_AGAIN}")


def _spellings(name: str) -> list[str]:
    """A name in its own spelling and as other systems write its accents."""
    forms = (unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))
    return [*dict.fromkeys((name, *forms))]


def _refuse_size(size_bytes: int) -> None:
    if size_bytes > LARGEST_BYTES:
        raise OSError("too large")
