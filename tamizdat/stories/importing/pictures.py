"""Bringing pictures from the files of the old site, each once."""

import json
import re
import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.files.storage import Storage
from PIL import Image
from wagtail.utils.file import hash_filelike

from tamizdat.stories.importing import markup
from tamizdat.stories.importing.embeds import host_of
from tamizdat.stories.importing.export import Entry, Export
from tamizdat.stories.importing.memory import LONGEST_ID, Memory
from tamizdat.stories.importing.mending import mended
from tamizdat.stories.importing.report import Report
from tamizdat.stories.importing.spool import Shelf
from tamizdat.stories.importing.surroundings import FoundPicture
from tamizdat.stories.importing.uploads import Uploads
from tamizdat.stories.models import Picture
from tamizdat.stories.stripping import FORMATS, Unreadable

_SIZED = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w+$)")
_SCALED = re.compile(r"-scaled(?=\.\w+$)")
_NONE = ""  # on the shelf of those found: looked for and not there


class Pictures:
    """Finds the picture for an address or an attachment number, bringing it in when first asked."""

    def __init__(
        self, export: Export, *, uploads: Uploads | None, memory: Memory, report: Report
    ) -> None:
        self.export = export
        self.uploads = uploads
        self.memory = memory
        self.report = report
        self.storage: Storage | None = None  # another place for the files of a rehearsal
        self.written: list[Picture] = []  # since `settle`
        self._attachments: Shelf[int] = Shelf()  # by number: which entry it is
        self._by_path: Shelf[int] = Shelf()
        self._hosts = {"", host_of(export.address)}
        self._found: Shelf[str] = Shelf()
        for source_id, picture in memory.pictures():
            self._found[source_id] = _as_text(picture)

    def note(self, at: int, entry: Entry) -> None:
        """There is an attachment, the entry number `at` of the export."""
        self._attachments[entry.source_id] = at
        self._hosts.add(host_of(entry.file_address))
        for path in self._paths(entry):
            self._by_path.setdefault(path, at)

    def find(self, address: str, number: str) -> FoundPicture | None:
        at = self._attachments.get(number)
        if at is not None and (found := self.attached(self.export.entries[at])):
            return found
        path = self._path(address) if host_of(address) in self._hosts else ""
        for candidate in (path, _original(path)):
            at = self._by_path.get(candidate)
            if at is not None:
                return self.attached(self.export.entries[at])
        for candidate in dict.fromkeys((_original(path), path)):
            if candidate and (found := self._bring(candidate, [candidate], None)):
                return found
        return None

    def attached(self, entry: Entry) -> FoundPicture | None:
        return self._bring(entry.source_id, self._paths(entry), entry)

    def settle(self) -> list[int]:
        """The pictures brought since the last call, which the database has now."""
        pks = [picture.pk for picture in self.written]
        self.written = []
        return pks

    def forget_files(self) -> None:
        """Take the files of a failed batch away; its rows were rolled back."""
        for picture in self.written:
            picture.file.storage.delete(picture.file.name)

    def _path(self, address: str) -> str:
        return path_in(self.export.habits.files, address)

    def _paths(self, entry: Entry) -> list[str]:
        attached = entry.first("_wp_attached_file")
        names = [attached, self._path(entry.file_address), self._path(entry.guid)]
        names += [_original(name) for name in names]
        return [name for name in dict.fromkeys(names) if name]

    def _bring(
        self, source_id: str, paths: Sequence[str], entry: Entry | None
    ) -> FoundPicture | None:
        key = source_id[:LONGEST_ID]
        known = self._found.get(key)
        if known is None:
            content = self._content(paths)
            picture = self._save(*content, entry) if content else None
            if picture:
                self.memory.remember_picture(source_id, picture)
                self.report.counts["rows written"] += 1
                self.report.counts["pictures"] += 1
            known = _as_text(picture)
            self._found[key] = known
        return FoundPicture(*json.loads(known)) if known else None

    def _content(self, paths: Sequence[str]) -> tuple[str, bytes] | None:
        """The first of these files that is there and is a picture."""
        for name in paths if self.uploads else ():
            try:
                content = self.uploads.read(name) if self.uploads else None
                if content is None:
                    continue
                content = mended(content)
                why = why_unusable(content)
            except (OSError, ValueError) as error:  # ValueError: a NUL in the name
                why = str(error)
            if not why and content is not None:
                return PurePosixPath(name).name, content
            self.report.notes.add("picture files that cannot be read", f"{name}: {why}")
        return None

    def _save(self, name: str, content: bytes, entry: Entry | None) -> Picture | None:
        """The picture; None, and a note, for one that cannot be written without its secrets."""
        texts = {}
        if entry:
            texts = {
                "description": markup.plain(entry.first("_wp_attachment_image_alt"))[:255],
                "caption": markup.plain(entry.excerpt)[:400],
            }
        title = markup.plain(entry.title) if entry else ""
        picture = Picture(title=(title or PurePosixPath(name).stem)[:255], **texts)
        with _huge_is_fine():
            try:
                picture.take_in(content, name=name)
            except Unreadable as error:
                self.report.notes.add("picture files that cannot be read", f"{name}: {error}")
                return None
            if self.storage:
                picture.file.storage = self.storage
            _clear_the_way(picture)
            # Not save(): that would tell the world, and ask for a bake, once for each picture.
            Picture.objects.bulk_create([picture])
        self.written.append(picture)
        return picture


def _clear_the_way(picture: Picture) -> None:
    """Take away what a run that was killed had written before it could keep the row."""
    storage = picture.file.storage
    name = picture.file.field.generate_filename(picture, picture.file.name)
    if storage.exists(name) and not Picture.objects.filter(file=name).exists():
        with storage.open(name) as left:
            # Another one may be of the desk, which is about to keep its row.
            is_ours = hash_filelike(left) == picture.file_hash
        if is_ours:
            storage.delete(name)


def why_unusable(content: bytes) -> str:
    """Why a file cannot be shown as a picture; empty if it can. Decodes the whole of it."""
    try:
        with _huge_is_fine(), Image.open(BytesIO(content)) as image:
            if image.format not in FORMATS:
                return f"{image.format} is not shown"
            image.load()
    except Image.DecompressionBombError:
        return "too large"
    except (OSError, SyntaxError, ValueError, EOFError):
        return "broken or no picture"
    return ""


def path_in(files: str, address: str) -> str:
    """The part of an address that names a file in the folder of uploads; empty if none does."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = unquote(parts.path)
    if files in path:
        return path.partition(files)[2]
    if (parts.hostname or "").endswith(".files.wordpress.com"):
        return path.lstrip("/")
    return ""


def _as_text(picture: Picture | None) -> str:
    if picture is None:
        return _NONE
    return json.dumps([picture.pk, picture.description, picture.caption], ensure_ascii=False)


def _original(path: str) -> str:
    """The name of the picture that a smaller copy was made from."""
    return _SCALED.sub("", _SIZED.sub("", path))


def _huge_is_fine() -> "warnings.catch_warnings[None]":
    return warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning)
