"""The pictures and documents that a page refers to, so that the tree carries them itself."""

import html
import logging
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from wagtail.documents import get_document_model

logger = logging.getLogger(__name__)

# A folder below /media/ whose files the apps above make when they are first asked for, by name.
# Raises LookupError for a name that has no file and never will.
Maker = Callable[[str], Path]
makers: dict[str, Maker] = {}

_MEDIA = re.compile(r"(?<![\w.])/media/([^\s\"'<>()?#,]+)")
_DOCUMENT = re.compile(r"(?<![\w.])/documents/(\d+)/([^\s\"'<>()?#,/]+)")


def enclosed_in(content: bytes) -> dict[str, Path]:
    """Path in the tree → file on disk, for every file of ours that `content` names and we have.

    A document whose collection is not for everyone is left out.
    """
    text = html.unescape(content.decode(errors="replace"))
    text = text.replace(settings.SITE_ADDRESS, " ")  # a card is named with its host
    files: dict[str, Path] = {}
    for name in {unquote(match[1]) for match in _MEDIA.finditer(text)}:
        files[f"media/{name}"] = _developed(name)
    for match in _DOCUMENT.finditer(text):
        document = get_document_model().objects.filter(pk=match[1]).first()
        if document and not document.collection.get_view_restrictions().exists():
            files[f"documents/{match[1]}/{unquote(match[2])}"] = Path(document.file.path)
    return {path: file for path, file in files.items() if _is_ours(file)}


def _developed(name: str) -> Path:
    """Where the file is; made now if somebody makes it and nobody asked for it before."""
    if make := makers.get(name.partition("/")[0]):
        try:
            return make(name)
        except LookupError as error:
            # A page is not late because of a picture; what it shows is said in words.
            logger.warning("left out a picture: %s", error)
    return Path(settings.MEDIA_ROOT) / name


def _is_ours(file: Path) -> bool:
    return file.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()) and file.is_file()
