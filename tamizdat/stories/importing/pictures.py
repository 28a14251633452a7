"""Bringing pictures from the folder of uploads, each once."""

import re
import warnings
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PIL import Image

from tamizdat.stories.importing import markup
from tamizdat.stories.importing.embeds import host_of
from tamizdat.stories.importing.export import Entry, Export
from tamizdat.stories.importing.memory import Kind, Memory
from tamizdat.stories.importing.mending import mended
from tamizdat.stories.importing.report import Report
from tamizdat.stories.importing.surroundings import FoundPicture
from tamizdat.stories.models import Picture
from tamizdat.stories.stripping import FORMATS

_SIZED = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w+$)")
_SCALED = re.compile(r"-scaled(?=\.\w+$)")


class Pictures:
    """Finds the picture for an address or an attachment number, bringing it in when first asked."""

    def __init__(
        self, export: Export, *, uploads: Path | None, memory: Memory, report: Report
    ) -> None:
        self.uploads = uploads.resolve() if uploads else None
        self.memory = memory
        self.report = report
        self.written: list[Picture] = []
        attachments = export.of_kind("attachment")
        self._by_number = {entry.source_id: entry for entry in attachments}
        self._by_path = {path: e for e in reversed(attachments) for path in _paths(e)}
        ours = [export.address, *(entry.file_address for entry in attachments)]
        self._hosts = {"", *map(host_of, ours)}
        self._found: dict[str, FoundPicture | None] = {}

    def find(self, address: str, number: str) -> FoundPicture | None:
        entry = self._by_number.get(number)
        if entry and (found := self._attached(entry)):
            return found
        path = path_in_uploads(address) if host_of(address) in self._hosts else ""
        if entry := self._by_path.get(path) or self._by_path.get(_original(path)):
            return self._attached(entry)
        for candidate in dict.fromkeys((_original(path), path)):
            if candidate and (found := self._bring(candidate, [candidate], None)):
                return found
        return None

    def bring_attachments(self) -> None:
        """Bring what no text shows as well: the desk may want it."""
        for entry in self._by_number.values():
            if self._attached(entry) is None:
                self.report.notes.add("attachments that are missing or no pictures", entry.title)

    def forget_files(self) -> None:
        """Take the files of a failed run away; its rows were rolled back."""
        for picture in self.written:
            picture.file.storage.delete(picture.file.name)

    def _attached(self, entry: Entry) -> FoundPicture | None:
        return self._bring(entry.source_id, _paths(entry), entry)

    def _bring(self, source_id: str, paths: list[str], entry: Entry | None) -> FoundPicture | None:
        if source_id not in self._found:
            record = self.memory.recall(Kind.PICTURE, source_id)
            if record:
                picture = record.picture
            elif path := self._file(paths):
                picture = self._save(path, entry)
                self.memory.remember(Kind.PICTURE, source_id, picture=picture)
                self.report.counts["rows written"] += 1
                self.report.counts["pictures"] += 1
            else:
                picture = None
            self._found[source_id] = (
                FoundPicture(picture.pk, picture.description, picture.caption) if picture else None
            )
        return self._found[source_id]

    def _file(self, paths: list[str]) -> Path | None:
        """The first of these files that is there and is a picture."""
        if self.uploads is None:
            return None
        for name in paths:
            path = (self.uploads / name).resolve()
            if not path.is_relative_to(self.uploads) or not path.is_file():
                continue
            if why := why_unusable(path):
                self.report.notes.add("picture files that cannot be read", f"{name}: {why}")
            else:
                return path
        return None

    def _save(self, path: Path, entry: Entry | None) -> Picture:
        texts = {}
        if entry:
            texts = {
                "description": markup.plain(entry.first("_wp_attachment_image_alt"))[:255],
                "caption": markup.plain(entry.excerpt)[:400],
            }
        title = markup.plain(entry.title) if entry else ""
        picture = Picture(title=(title or path.stem)[:255], **texts)
        with _huge_is_fine():
            picture.take_in(mended(path.read_bytes()), name=path.name)
            # Not save(): that would tell the world, and ask for a bake, once for each picture.
            Picture.objects.bulk_create([picture])
        self.written.append(picture)
        return picture


def why_unusable(path: Path) -> str:
    """Why a file cannot be shown as a picture; empty if it can. Decodes the whole of it."""
    try:
        with _huge_is_fine(), Image.open(BytesIO(mended(path.read_bytes()))) as image:
            if image.format not in FORMATS:
                return f"{image.format} is not shown"
            image.load()
    except Image.DecompressionBombError:
        return "too large"
    except (OSError, SyntaxError, ValueError, EOFError):
        return "broken or no picture"
    return ""


def path_in_uploads(address: str) -> str:
    """The part of an address that names a file in the folder of uploads; empty if none does."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = unquote(parts.path)
    if "/uploads/" in path:
        return path.partition("/uploads/")[2]
    if (parts.hostname or "").endswith(".files.wordpress.com"):
        return path.lstrip("/")
    return ""


def _paths(entry: Entry) -> list[str]:
    attached = entry.first("_wp_attached_file")
    names = [attached, path_in_uploads(entry.file_address), path_in_uploads(entry.guid)]
    names += [_original(name) for name in names]
    return [name for name in dict.fromkeys(names) if name]


def _original(path: str) -> str:
    """The name of the picture that a smaller copy was made from."""
    return _SCALED.sub("", _SIZED.sub("", path))


def _huge_is_fine() -> "warnings.catch_warnings[None]":
    return warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning)
