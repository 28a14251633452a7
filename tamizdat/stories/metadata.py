"""What a document tells of those who made it: names, and where its photographs were taken."""

import logging
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from lxml import etree
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

_GPS = 0x8825
_PEOPLE = {"creator", "initial-creator", "lastModifiedBy", "manager", "company"}
_ABOUT = ("docProps/core.xml", "docProps/app.xml", "meta.xml")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp")
_LONGEST_BYTES = 30_000_000  # of one part of an archive: more is not looked into


def told_by(document: IO[bytes]) -> list[str]:
    """Each name and place once, in the words of the document; nothing if it tells nothing.

    A document that cannot be read tells nothing that we could find.
    """
    start = document.read(4)
    document.seek(0)
    try:
        if start == b"%PDF":
            return list(dict.fromkeys(_told_by_pdf(document)))
        if start == b"PK\x03\x04":
            return list(dict.fromkeys(_told_by_archive(document)))
    except (PyPdfError, zipfile.BadZipFile, etree.LxmlError, OSError, ValueError, KeyError):
        return []
    return []


def _told_by_pdf(document: IO[bytes]) -> Iterator[str]:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every small irregularity
    reader = PdfReader(document)
    if reader.metadata:
        yield from filter(None, [reader.metadata.author])
    if reader.xmp_metadata:
        yield from filter(None, reader.xmp_metadata.dc_creator or [])


def _told_by_archive(document: IO[bytes]) -> Iterator[str]:
    """Word, Excel, OpenDocument and EPUB files are archives."""
    with zipfile.ZipFile(document) as archive:
        for part in archive.infolist():
            if part.file_size > _LONGEST_BYTES:
                continue
            if part.filename in _ABOUT or part.filename.endswith(".opf"):
                yield from _people_in(archive.read(part))
            elif part.filename.lower().endswith(_PICTURES) and _has_place(archive.read(part)):
                yield f"where {part.filename.rpartition('/')[2]} was taken"


def _people_in(xml: bytes) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    for element in etree.fromstring(xml, parser).iter(etree.Element):
        if etree.QName(element).localname in _PEOPLE and element.text and element.text.strip():
            yield element.text.strip()


def _has_place(picture: bytes) -> bool:
    try:
        with Image.open(BytesIO(picture)) as image:
            return bool(image.getexif().get_ifd(_GPS))
    except (OSError, SyntaxError, ValueError):
        return False
