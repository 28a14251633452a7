"""Opening a file that calls itself an export: its encoding, its control characters, its dangers."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from tamizdat.stories.importing.export import ImportRefused

CHUNK_BYTES = 1 << 16
HEAD_CHARACTERS = 1 << 16  # within which an honest export has reached its first element
AGAIN = "Export it again in WordPress (Tools, Export, All content)."

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCES = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_UNFINISHED = re.compile(r"&[#0-9a-zA-Z]{0,11}\Z")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_PROLOGUE = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_MAGIC = {
    b"PK": "is a zip archive, not an export. Unpack it and give the .xml file inside.",
    b"\x1f\x8b": "is compressed with gzip. Unpack it first and give the .xml file inside.",
    b"%PDF": f"is a PDF, not an export. {AGAIN}",
    b"SQLite": f"is a database, not an export. {AGAIN}",
}
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class ReadableText:
    """The text of an XML file, piece by piece, without what no XML parser would take."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.controls_dropped = 0

    def __iter__(self) -> Iterator[str]:
        """Raises ImportRefused for what is no XML text, or text with a DTD."""
        pieces = self._decoded()
        head = ""
        for piece in pieces:
            head += piece
            if len(head) >= HEAD_CHARACTERS:
                break
        refuse_by_its_head(head, self.path.name)
        rest = _DECLARATION.sub("", head)
        for piece in pieces:
            ready, rest = self._cut(rest)
            yield self._clean(ready)
            rest += piece
        yield self._clean(rest)

    def _cut(self, text: str) -> tuple[str, str]:
        """Keep back a character reference that may go on in the next piece."""
        unfinished = _UNFINISHED.search(text)
        at = unfinished.start() if unfinished else len(text)
        return text[:at], text[at:]

    def _clean(self, text: str) -> str:
        text, controls = _CONTROLS.subn("", text)
        self.controls_dropped += controls
        return _REFERENCES.sub(self._keep_a_legal_reference, text)

    def _keep_a_legal_reference(self, match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else int(match[2])
        legal = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0x110000
        if legal and code not in (0xFFFE, 0xFFFF):
            return match[0]
        self.controls_dropped += 1
        return ""

    def _decoded(self) -> Iterator[str]:
        with self.path.open("rb") as file:
            start = file.read(CHUNK_BYTES)
            refuse_by_its_bytes(start, self.path.name)
            encoding = encoding_of(start)
            decoder = self._decoder(encoding)
            chunk = start
            try:
                while chunk:
                    yield decoder.decode(chunk)
                    chunk = file.read(CHUNK_BYTES)
                yield decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                raise ImportRefused(
                    f"{self.path.name} says it is {encoding} but has bytes that are not. "
                    "It was damaged or re-saved on the way: fetch the original, or export it again."
                ) from None

    def _decoder(self, encoding: str) -> codecs.IncrementalDecoder:
        try:
            return codecs.getincrementaldecoder(encoding)()
        except LookupError:
            raise ImportRefused(
                f"{self.path.name} says its encoding is {encoding!r}, which does not exist. {AGAIN}"
            ) from None


def encoding_of(start: bytes) -> str:
    """What the mark or the declaration at the start says; UTF-8 where neither does."""
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    declared = re.match(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']", start)
    return declared[1].decode().lower() if declared else "utf-8"


def refuse_by_its_bytes(start: bytes, name: str) -> None:
    if not start.strip():
        raise ImportRefused(f"{name} is empty. {AGAIN}")
    for magic, why in _MAGIC.items():
        if start.startswith(magic):
            raise ImportRefused(f"{name} {why}")


def refuse_by_its_head(head: str, name: str) -> None:
    """Look at what comes before the first element, so that no parser ever sees a DTD."""
    text = head.lstrip("\ufeff \t\r\n")
    prologue = _PROLOGUE.match(text)
    root = text[prologue.end() if prologue else 0 :][:200].lower()
    if text[:1] in "{[":
        raise ImportRefused(f"{name} is JSON, not a WordPress export. {AGAIN}")
    if root.startswith(("<!doctype html", "<html")):
        raise ImportRefused(
            f"{name} is a web page, not an export: perhaps the page of a log-in. {AGAIN}"
        )
    if root.startswith("<!"):
        raise ImportRefused(
            f"{name} declares a document type (DTD). No WordPress export does, and it can hide an "
            f"attack, so nothing was read. {AGAIN}"
        )
    if not root.startswith("<rss"):
        raise ImportRefused(f"{name} is not a WordPress export (WXR). {AGAIN}")
