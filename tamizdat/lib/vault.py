"""Sealing what must not be readable in the database.

A blob is a version byte, four bytes that name the key, a nonce and AES-256-GCM's output.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
_KEY_NAME = slice(1, 5)
_NONCE = slice(5, 17)
_SEALED = slice(17, None)


class CannotOpen(Exception):
    """The blob was sealed with a key that is not here, was altered, or is no blob of ours."""


class BadKey(Exception):
    """A key is not 32 bytes of URL-safe base64, or there is none."""


class Vault:
    """Keys that seal and open. The first seals, all open: a new key is put in front of the old."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise BadKey("A vault needs at least one key.")
        self._seals = [_derived(_decoded(key), "seal") for key in keys]
        self._by_name = {_name(key): key for key in self._seals}

    def seal(self, text: str) -> bytes:
        """Encrypt; the same text is another blob each time."""
        key, nonce = self._seals[0], os.urandom(12)
        header = VERSION + _name(key)
        return header + nonce + AESGCM(key).encrypt(nonce, text.encode(), header)

    def open(self, blob: bytes) -> str:
        """The text that was sealed. Raises CannotOpen."""
        blob = bytes(blob)  # PostgreSQL hands out memoryviews
        key = self._by_name.get(blob[_KEY_NAME])
        if blob[:1] != VERSION or key is None:
            raise CannotOpen
        try:
            return AESGCM(key).decrypt(blob[_NONCE], blob[_SEALED], blob[:5]).decode()
        except (InvalidTag, ValueError) as error:
            raise CannotOpen from error

    def is_newest(self, blob: bytes) -> bool:
        """Whether it was sealed with the first key."""
        return bytes(blob)[_KEY_NAME] == _name(self._seals[0])


def blind_index(text: str, *, key: str) -> str:
    """The same for the same text, so that it can be found; useless without the key."""
    secret = _derived(_decoded(key), "blind index")
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _decoded(key: str) -> bytes:
    try:
        raw = base64.b64decode(key.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadKey("A key must be URL-safe base64.") from error
    if len(raw) != 32:
        raise BadKey(f"A key must be 32 bytes, not {len(raw)}.")
    return raw


def _derived(key: bytes, use: str) -> bytes:
    # One secret, a key for each use: what leaks of one says nothing of the other.
    return hmac.new(key, f"tamizdat vault {use}".encode(), hashlib.sha256).digest()


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"name" + key).digest()[:4]
