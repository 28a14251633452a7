"""Leaving: all that the newsroom holds, in a folder that needs no software of ours."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import pyrage
from django.conf import settings

from tamizdat.appeals import exporting as appeals
from tamizdat.funding import exporting as funding
from tamizdat.ledger import exporting as ledger
from tamizdat.lib.age_keys import NotAnAgeKey, recipient_of
from tamizdat.lib.crate import Crate, Piece
from tamizdat.newsletters import exporting as newsletters
from tamizdat.outlet import exporting as outlet
from tamizdat.outlet.vault import blind_index
from tamizdat.stories import exporting as stories

SEALED = "supporters.age"
MANIFEST = "manifest.json"
README = "README.txt"
_README = Path(__file__).with_name("exported.txt").read_bytes()

Watch = Callable[[Iterable[Piece], int], Iterable[Piece]]


class ExportRefused(Exception):
    """Nothing was written. Says in one sentence what is wrong and what to do."""


@dataclass(slots=True)
class Exported:
    counts: Counter[str] = field(default_factory=Counter)
    files: int = 0
    changed: int = 0
    is_sealed_part_new: bool = False  # false too if the rows are as they were
    sealed: Counter[str] = field(default_factory=Counter)


def export(folder: Path, *, key: str, take: Callable[[], None], watch: Watch) -> Exported:
    """Fill the folder with what is missing or has changed since an earlier run.

    Supporters, reminders and subscribers go only into one file that `key` encrypts; without it they
    are left out. `take` uses up the consent to that: it is called before the first of them is
    written, and not if that file is as it should be. Raises ExportRefused, and NoConsent as
    `take` does.
    """
    recipient = _recipient_of(key) if key else None
    _refuse(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    crate, done = Crate(folder), Exported()
    crate.put(README, lambda: [_README])
    pieces = chain(
        stories.pieces(),
        outlet.pieces(),
        appeals.pieces(),
        newsletters.pieces(),
        funding.pieces(),
        ledger.pieces(),
    )
    for piece in watch(pieces, stories.count()):
        crate.put(piece.path, piece.content)
        done.counts[piece.kind] += 1
    done.counts["lines of the books"] = ledger.count_lines()
    sealed = _seal(crate, recipient, key.strip(), done=done, take=take)
    manifest = {"software": f"tamizdat {version('tamizdat')}", "format": 1}
    manifest |= {"counts": dict(sorted(done.counts.items())), SEALED: sealed}
    crate.put(MANIFEST, lambda: [json.dumps(manifest, indent=1).encode()])
    crate.close()
    done.files, done.changed = len(crate.sums), crate.changed
    return done


def _refuse(folder: Path) -> None:
    whole = folder.resolve()
    for public in (settings.SITE_ROOT, settings.MEDIA_ROOT):
        if whole.is_relative_to(Path(public).resolve()):
            raise ExportRefused(f"{folder} is where readers' files are. Choose another folder.")
    if folder.exists() and not folder.is_dir():
        raise ExportRefused(f"{folder} is a file. Choose another folder.")
    readme = folder / README
    is_ours = readme.is_file() and readme.read_bytes().splitlines()[:1] == _README.splitlines()[:1]
    if folder.exists() and not is_ours and any(folder.iterdir()):
        raise ExportRefused(f"{folder} holds other things. Choose an empty folder or a new one.")


def _recipient_of(key: str) -> pyrage.x25519.Recipient:
    try:
        return recipient_of(key)
    except NotAnAgeKey as error:
        raise ExportRefused(str(error)) from None


def _seal(
    crate: Crate,
    recipient: pyrage.x25519.Recipient | None,
    key: str,
    *,
    done: Exported,
    take: Callable[[], None],
) -> dict[str, object]:
    """Encrypt what only the operator may read. Says what the manifest tells of it."""
    before = _earlier(crate.folder)
    if recipient is None:
        if (crate.folder / SEALED).exists():
            crate.keep(SEALED)
        return before
    digest = hashlib.sha256()
    for line, kind in _sealed_lines():
        digest.update(line)
        done.sealed[kind] += 1
    # An encrypted file is another one each time, and a plain digest would confirm a guess.
    fingerprint = blind_index(f"export to {key} {digest.hexdigest()}")
    if before.get("fingerprint") == fingerprint and _is_as_listed(crate):
        crate.keep(SEALED)
    else:
        take()
        crate.fill(SEALED, lambda file: _encrypt(file, recipient))
        done.is_sealed_part_new = True
    return {"key": key, "fingerprint": fingerprint, "rows": dict(sorted(done.sealed.items()))}


def _sealed_lines() -> Iterator[tuple[bytes, str]]:
    for row in chain(funding.sealed_rows(), appeals.sealed_rows(), newsletters.sealed_rows()):
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n", row["kind"]


def _encrypt(file: BinaryIO, recipient: pyrage.x25519.Recipient) -> None:
    lines = _Reading(line for line, _kind in _sealed_lines())
    pyrage.encrypt_io(io.BufferedReader(lines), file, [recipient])


def _earlier(folder: Path) -> dict[str, object]:
    try:
        sealed = json.loads((folder / MANIFEST).read_text("utf-8")).get(SEALED)
    except (OSError, ValueError, AttributeError):
        return {}
    return sealed if isinstance(sealed, dict) else {}


def _is_as_listed(crate: Crate) -> bool:
    path = crate.folder / SEALED
    if not path.is_file():
        return False
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return crate.listed().get(SEALED) == digest


class _Reading(io.RawIOBase):
    """Lines as a file that is read: they never lie on the disk."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._rest:
            line = next(self._lines, None)
            if line is None:
                return 0
            self._rest = line
        piece, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(piece)] = piece
        return len(piece)
