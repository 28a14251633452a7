"""The pictures and documents that a page names, so that the tree carries them itself."""

import html
import logging
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings

from tamizdat.editions.targets import Encloses
from tamizdat.stories import developing
from tamizdat.theme.facts.pictures import document

logger = logging.getLogger(__name__)

# On bytes and with a fixed beginning: every page is searched. Only what we develop, spelled as we
# spell it: the words of a page may name anything, and uploads beside it are not for everyone.
_PICTURE = re.compile(rf"/media/({developing.STORE}/[0-9a-z-]+\.[a-z]+)".encode())
_DOCUMENT = re.compile(rb"/documents/(\d+)/([^\s\"'<>()?#,/]+)")


def enclosed_in(content: bytes) -> Iterator[Encloses]:
    """The derived pictures and the documents that `content` names; of the uploads nothing else.

    A document that is not for everyone is left out, and one that is has its own name only. What is
    named with our whole address is for others: a card, which its page encloses itself.
    """
    for name in sorted({match[1].decode() for match in _ours_in(_PICTURE, content)}):
        yield Encloses(f"media/{name}", partial(_picture, name))
    for match in _ours_in(_DOCUMENT, content):
        attached = document(int(match[1]))
        path = f"documents/{match[1].decode()}/{_text(match[2])}"
        if attached and unquote(attached.url) == f"/{path}":
            yield Encloses(path, partial(_uploaded, attached.file))


def _ours_in(pattern: re.Pattern[bytes], content: bytes) -> Iterator[re.Match[bytes]]:
    matches = pattern.finditer(content)
    return (m for m in matches if not content[m.start() - 1 : m.start()].isalnum())


def _text(name: bytes) -> str:
    return unquote(html.unescape(name.decode(errors="replace")))


def _picture(name: str) -> Path | None:
    """Where the file is; made now if nobody asked for it before."""
    try:
        file = developing.develop(name)
    except LookupError as error:
        # A page is not late because of a picture; what it shows is said in words.
        logger.warning("left out a picture: %s", error)
        return None
    return None if file.is_symlink() else file  # it is none that we developed


def _uploaded(name: str) -> Path | None:
    file = (Path(settings.MEDIA_ROOT) / name).resolve()
    is_ours = file.is_relative_to(Path(settings.MEDIA_ROOT).resolve()) and file.is_file()
    return file if is_ours else None
