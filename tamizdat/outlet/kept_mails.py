"""Mails that were written to files because no mail server is set. Read here, never changed."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
# How Django parts the mails of one file. A mail may hold such a line too, so look what follows.
_BETWEEN = re.compile(rb"\n-{79}\n(?=Content-Type:|MIME-Version:|\Z)")


@dataclass(frozen=True)
class KeptMail:
    at: datetime
    subject: str
    to: str  # masked: who it was is nobody's business here
    text: str


def are_kept() -> bool:
    return bool(settings.EMAIL_BACKEND == FILE_BACKEND)


def files() -> list[Path]:
    """Newest first, by the time that their names begin with: no file is opened for it."""
    folder = Path(settings.EMAIL_FILE_PATH)
    try:
        names = [name for name in os.listdir(folder) if name.endswith(".log")]
    except FileNotFoundError:
        return []
    return [folder / name for name in sorted(names, reverse=True)]


def read(files: Sequence[Path]) -> Iterator[KeptMail]:
    """The mails of these files, newest first in each; a file that went away is passed over."""
    for file in files:
        try:
            at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            mails = _BETWEEN.split(file.read_bytes())
        except FileNotFoundError:
            continue
        for mail in reversed(mails):
            if mail.strip():
                yield _open(mail, at=at)


def mask(address: str) -> str:
    """`ana@reader.example` becomes `a…@reader.example`."""
    name, _, domain = address.strip().rpartition("@")
    return f"{name[:1]}…@{domain}"


def _open(mail: bytes, *, at: datetime) -> KeptMail:
    message = message_from_bytes(mail, policy=policy.default)
    addresses = str(message.get("To", "")).split(",")
    return KeptMail(
        at=at,
        subject=str(message.get("Subject", "")) or "(no subject)",
        to=", ".join(mask(address) for address in addresses),
        text=_plain_text(message),
    )


def _plain_text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    payload = part.get_payload(decode=True) if part else b""
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
