"""Ed25519 keys and signatures in minisign's format, so that the stock tool reads them too.

A secret key lies in the clear (the release key, which a machine uses alone) or sealed with a
passphrase (the root key, which a person keeps).
"""

import base64
import hashlib
import os
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
)

ALGORITHM, PREHASHED, SCRYPT, CHECKSUM, NO_KDF = b"Ed", b"ED", b"Sc", b"B2", b"\0\0"
# libsodium's limits, from which it derives N = 2^17, r = 8, p = 1: 128 MB for half a second.
_OPERATIONS, _MEMORY = 1 << 22, 1 << 27
_COMMENT = "untrusted comment: "
_TRUSTED = "trusted comment: "


class BadKey(Exception):
    """It is no minisign secret key, or the passphrase is not the right one."""


@dataclass(frozen=True)
class SecretKey:
    id: bytes
    seed: bytes

    @classmethod
    def generate(cls) -> Self:
        return cls(id=os.urandom(8), seed=os.urandom(32))

    @classmethod
    def from_text(cls, text: str, *, passphrase: str = "") -> Self:
        """Raises BadKey."""
        raw = _second_line(text)
        kdf, salt, limits, body = raw[2:4], raw[6:38], raw[38:54], raw[54:]
        if len(body) != 104 or raw[:2] != ALGORITHM or raw[4:6] != CHECKSUM:
            raise BadKey("This is no minisign secret key.")
        if kdf == SCRYPT:
            body = _xor(body, _stretched(passphrase, salt=salt, limits=limits))
        key = cls(id=body[:8], seed=body[8:40])
        if body != key._body():
            raise BadKey("The passphrase is not the right one, or the key is damaged.")
        return key

    def as_text(self, *, passphrase: str = "") -> str:
        body, kdf, salt, limits = self._body(), NO_KDF, bytes(32), bytes(16)
        if passphrase:
            kdf, salt = SCRYPT, os.urandom(32)
            limits = _OPERATIONS.to_bytes(8, "little") + _MEMORY.to_bytes(8, "little")
            body = _xor(body, _stretched(passphrase, salt=salt, limits=limits))
        raw = ALGORITHM + kdf + CHECKSUM + salt + limits + body
        return _file(f"{_COMMENT}minisign secret key {_name(self.id)}", raw)

    def public(self) -> str:
        """One line: what a reader is told, prints, and compares."""
        return base64.b64encode(ALGORITHM + self.id + self._public()).decode()

    def public_file(self) -> str:
        return f"{_COMMENT}minisign public key {_name(self.id)}\n{self.public()}\n"

    def sign(self, content: bytes, *, trusted_comment: str) -> bytes:
        """A `.minisig` file. The trusted comment is signed as well."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        signature = key.sign(hashlib.blake2b(content).digest())
        whole = key.sign(signature + trusted_comment.encode())
        head = _file(f"{_COMMENT}signature by {_name(self.id)}", PREHASHED + self.id + signature)
        return f"{head}{_TRUSTED}{trusted_comment}\n{base64.b64encode(whole).decode()}\n".encode()

    def _public(self) -> bytes:
        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    def _body(self) -> bytes:
        secret = self.seed + self._public()
        digest = hashlib.blake2b(ALGORITHM + self.id + secret, digest_size=32).digest()
        return self.id + secret + digest


def _second_line(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip().splitlines()[1], validate=True)
    except (IndexError, ValueError) as error:
        raise BadKey("This is no minisign secret key.") from error


def _file(comment: str, raw: bytes) -> str:
    return f"{comment}\n{base64.b64encode(raw).decode()}\n"


def _name(key_id: bytes) -> str:
    return key_id[::-1].hex().upper()  # as the stock tool writes it


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _stretched(passphrase: str, *, salt: bytes, limits: bytes) -> bytes:
    """scrypt with libsodium's choice of N, r and p for these limits."""
    operations, memory = (int.from_bytes(part, "little") for part in (limits[:8], limits[8:]))
    operations, r = max(operations, 32768), 8
    if operations < memory // 32:
        p, log_n = 1, (operations // (r * 4)).bit_length() - 1
    else:
        log_n = (memory // (r * 128)).bit_length() - 1
        p = min(operations // 4 >> log_n, 0x3FFFFFFF) // r
    if not 0 < log_n <= 20:
        raise BadKey("This key asks for more memory than we give.")
    n = 1 << log_n
    memory = 128 * r * (n + p + 4)
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=104)
