"""The pictures and documents that a page refers to, so that the tree carries them itself."""

import html
import re
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from wagtail.documents import get_document_model

_MEDIA = re.compile(r"(?<![\w.])/media/([^\s\"'<>()?#,]+)")
_DOCUMENT = re.compile(r"(?<![\w.])/documents/(\d+)/([^\s\"'<>()?#,/]+)")


def enclosed_in(content: bytes) -> dict[str, Path]:
    """Path in the tree → file on disk, for every file of ours that `content` names and we have.

    A document whose collection is not for everyone is left out.
    """
    text = html.unescape(content.decode(errors="replace"))
    files: dict[str, Path] = {}
    for match in _MEDIA.finditer(text):
        path = unquote(match[1])
        files[f"media/{path}"] = Path(settings.MEDIA_ROOT) / path
    for match in _DOCUMENT.finditer(text):
        document = get_document_model().objects.filter(pk=match[1]).first()
        if document and not document.collection.get_view_restrictions().exists():
            files[f"documents/{match[1]}/{unquote(match[2])}"] = Path(document.file.path)
    return {path: file for path, file in files.items() if _is_ours(file)}


def _is_ours(file: Path) -> bool:
    return file.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()) and file.is_file()
