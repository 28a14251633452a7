"""Who vouches for an edition: a root key that is kept offline, and a release key that works here.

The release key signs each edition. The root key signs one small file that names the release key,
so that readers need never learn a new key when this machine is lost. Without a root key readers
hold the release key itself.
"""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from django.conf import settings

from tamizdat.editions.tree import OURS
from tamizdat.lib.minisign import SecretKey

FRESH_FOR = timedelta(hours=48)  # longer, and a censor may serve old news as new
KEYS_HOLD_FOR = timedelta(days=400)
POINTER, KEYS = f"{OURS}edition.json", f"{OURS}keys.json"


@dataclass(frozen=True)
class Pointer:
    """The signed statement of what the site is now."""

    sequence: int
    issued: str
    expires: str
    root: str
    previous: str
    files: int
    size: int

    @classmethod
    def parse(cls, text: bytes | str) -> Self:
        return cls(**json.loads(text))

    def as_bytes(self) -> bytes:
        return canonical(asdict(self))

    def is_fresh_for(self, span: timedelta, *, now: datetime) -> bool:
        return datetime.fromisoformat(self.expires) > now + span


def release_key() -> SecretKey:
    """The key that signs editions here; made when there is none yet."""
    file = Path(settings.RELEASE_KEY_FILE)
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            keep_secret(file, SecretKey.generate().as_text())
    return SecretKey.from_text(file.read_text())


def sign(pointer: Pointer) -> bytes:
    keys = hashlib.sha256(keys_in_the_tree()[KEYS]).hexdigest()
    comment = f"sequence:{pointer.sequence} expires:{pointer.expires} keys:{keys}"
    return release_key().sign(pointer.as_bytes(), trusted_comment=comment)


def keys_in_the_tree() -> dict[str, bytes]:
    """Path in the tree → content: which keys are ours, as the root key signed it, or unsigned."""
    signed, signature = _signed_keys(), _signature_of_keys()
    if signed.exists() and signature.exists():
        return {KEYS: signed.read_bytes(), f"{KEYS}.minisig": signature.read_bytes()}
    return {KEYS: canonical({"release": [release_key().public()]})}


def sign_release_key(root: SecretKey, *, now: datetime) -> None:
    """Have the root key vouch for the release key of today, and for no other."""
    names = {
        "sequence": int(now.timestamp()),
        "issued": stamp(now),
        "expires": stamp(now + KEYS_HOLD_FOR),
        "release": [release_key().public()],
        "root": root.public(),
    }
    content = canonical(names)
    signature = root.sign(content, trusted_comment=f"sequence:{names['sequence']}")
    _signature_of_keys().write_bytes(signature)
    _signed_keys().write_bytes(content)


def replace_release_key() -> None:
    """Make a new one; the root key is to sign it before anyone believes it."""
    file = Path(settings.RELEASE_KEY_FILE)
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    keep_secret(draft, SecretKey.generate().as_text())
    draft.replace(file)


def known_keys() -> dict[str, Any]:
    """What the root key signed last; nothing if there is no root key."""
    file = _signed_keys()
    return json.loads(file.read_bytes()) if file.exists() else {}


def trusted_key() -> str:
    """The one line that readers are to hold: the root key, or the release key if there is none."""
    return str(known_keys().get("root") or release_key().public())


def advice(*, now: datetime) -> Iterator[tuple[str, str]]:
    """What an operator should know about the keys: what is so, and what to do."""
    known = known_keys()
    if not known:
        says = "No root key vouches for the key that signs editions: if it is lost, so is trust."
        yield says, "Run `tamizdat edition key --new-root FILE` with FILE on a memory stick."
    elif release_key().public() not in known["release"]:
        says = "The root key has not signed the release key: no reader believes new editions."
        yield says, "Run `tamizdat edition key --root FILE` with the memory stick."
    elif datetime.fromisoformat(known["expires"]) < now + timedelta(days=60):
        says = f"What the root key signed expires on {known['expires'][:10]}."
        yield says, "Run `tamizdat edition key --root FILE` with the memory stick."


def keep_secret(file: Path, text: str) -> None:
    """Write a new file, whole, that only we can read. Raises FileExistsError."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(text)
        os.link(draft, file)
    finally:
        draft.unlink()


def canonical(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _signed_keys() -> Path:
    return Path(settings.RELEASE_KEY_FILE).with_name("keys.json")


def _signature_of_keys() -> Path:
    return Path(settings.RELEASE_KEY_FILE).with_name("keys.json.minisig")
