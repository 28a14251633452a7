#!/usr/bin/env python3
"""Does this copy of a newsroom's site hold what the newsroom signed?

    python verifying.py https://mirror.example/ RWQ…      (or a folder; the key, or a file with it)

This one file needs nothing but Python 3.11: hand it on with the public key. It says which files are
missing, altered or extra, and whether signature, date and number hold; it ends with 0 or 1.
"""

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:
    brotli = None

CORNER = ".well-known/tamizdat/"
POINTER, KEYS = f"{CORNER}edition.json", f"{CORNER}keys.json"
SMALL = 1 << 22  # bytes: more than any node, key file or pointer has
BLOCK = 1 << 16
COMPANIONS = (".br", ".gz")
AT_ONCE = 8

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]  # extended homogeneous coordinates
NEUTRAL: Point = (0, 1, 1, 0)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _multiply(scalar: int, point: Point) -> Point:
    result = NEUTRAL
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


def _equal(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def _point(raw: bytes) -> Point | None:
    y, sign = int.from_bytes(raw, "little") & ((1 << 255) - 1), raw[31] >> 7
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


_BASE = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    key, commitment = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or commitment is None or _BASE is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % L
    return _equal(_multiply(s, _BASE), _add(commitment, _multiply(challenge, key)))


class NotOurs(Exception):
    """What is signed cannot be believed; the message says why."""


@dataclass(frozen=True)
class PublicKey:
    id: bytes
    raw: bytes

    @classmethod
    def read(cls, text: str) -> "PublicKey":
        """A key line, or a minisign public key file. Raises NotOurs."""
        raw = _decoded(text.strip().splitlines()[-1] if text.strip() else "")
        if len(raw) != 42 or raw[:2] != b"Ed":
            raise NotOurs("This is no public key: it is a line that begins with RW.")
        return cls(raw[2:10], raw[10:])

    def check(self, content: bytes, minisig: bytes) -> str:
        """The trusted comment. Raises NotOurs unless we signed both it and `content`."""
        lines = minisig.decode(errors="replace").splitlines()
        if len(lines) != 4 or not lines[2].startswith("trusted comment: "):
            raise NotOurs("The signature is no minisign signature.")
        signed, whole = _decoded(lines[1]), _decoded(lines[3])
        comment = lines[2].removeprefix("trusted comment: ")
        if signed[:2] != b"ED" or signed[2:10] != self.id:
            raise NotOurs("It is signed with another key.")
        digest = hashlib.blake2b(content).digest()
        if not ed25519_holds(self.raw, digest, signed[10:]):
            raise NotOurs("The signature does not hold.")
        if not ed25519_holds(self.raw, signed[10:] + comment.encode(), whole):
            raise NotOurs("The signature's comment was altered.")
        return comment


def _decoded(line: str) -> bytes:
    try:
        return base64.b64decode(line, validate=True)
    except binascii.Error:
        return b""


class Folder:
    """A copy on a disk: the only one that can be searched for what is not ours."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def open(self, path: str) -> BinaryIO | None:
        try:
            return (self.root / path).open("rb") if ".." not in path.split("/") else None
        except OSError:
            return None

    def paths(self) -> Iterator[str]:
        for folder, subfolders, names in os.walk(self.root):
            subfolders[:] = [name for name in subfolders if name != ".baking"]
            linked = [name for name in subfolders if os.path.islink(os.path.join(folder, name))]
            for name in names + linked:
                yield os.path.relpath(os.path.join(folder, name), self.root).replace(os.sep, "/")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Web:
    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/") + "/"
        self._follow = urllib.request.build_opener()
        self._stay = urllib.request.build_opener(_NoRedirect)

    def open(self, path: str) -> BinaryIO | None:
        """As a reader asks for it: `a/` for `a/index.html`, that name only if need be."""
        for name in dict.fromkeys((re.sub(r"(^|/)index\.html$", r"\1", path), path)):
            try:
                answer: BinaryIO = self._follow.open(self._request(name), timeout=30)
            except urllib.error.HTTPError as error:
                error.close()
            else:
                return answer
        return None

    def answer(self, path: str) -> tuple[int, str]:
        name = re.sub(r"(^|/)index\.html$", r"\1", path.lstrip("/"))
        try:
            with self._stay.open(self._request(name), timeout=30) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as error:
            with closing(error):
                return error.code, error.headers.get("Location", "")

    def _request(self, path: str) -> urllib.request.Request:
        address = self.address + urllib.parse.quote(path, safe="/?=&;%+,:@")
        return urllib.request.Request(address, headers={"Accept-Encoding": "identity"})  # noqa: S310


Copy = Folder | Web


@dataclass
class Report:
    pointer: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)  # brotli, where Python cannot read it
    checked: int = 0

    @property
    def holds(self) -> bool:
        return not (self.problems or self.missing or self.altered or self.extra)


def verify(
    copy: Copy, key: PublicKey, *, now: datetime, at_least: int = 0, allow_expired: bool = False
) -> Report:
    """Compare a copy with what `key` signed, byte for byte."""
    report = Report()
    try:
        report.pointer = _signed_pointer(copy, key, now=now)
        entries = dict(_entries(copy, report.pointer["root"]))
    except NotOurs as error:
        report.problems.append(str(error))
        return report
    if not allow_expired and datetime.fromisoformat(report.pointer["expires"]) < now:
        report.problems.append(
            f"It expired on {report.pointer['expires']}: newer news is withheld."
        )
    if report.pointer["sequence"] < at_least:
        report.problems.append(f"You have seen edition {at_least}: this one is older.")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for path, verdict in pool.map(lambda pair: _look(copy, *pair), entries.items()):
            _note(report, path, verdict)
    if isinstance(copy, Folder):
        _look_for_others(copy, entries, report)
    return report


def _signed_pointer(copy: Copy, key: PublicKey, *, now: datetime) -> dict[str, Any]:
    for attempt in range(3):  # the two files change one after the other
        text, signature = _small(copy, POINTER), _small(copy, f"{POINTER}.minisig")
        try:
            comment = _signer(copy, key, signature, now=now).check(text, signature)
            break
        except NotOurs:
            if attempt == 2 or isinstance(copy, Folder):
                raise
            time.sleep(1)
    pointer: dict[str, Any] = json.loads(text)
    if not comment.startswith(f"sequence:{pointer['sequence']} "):
        raise NotOurs("The signature speaks of another edition.")
    return pointer


def _signer(copy: Copy, key: PublicKey, signature: bytes, *, now: datetime) -> PublicKey:
    """`key` itself, or a release key that it vouches for."""
    name = _decoded((signature.decode(errors="replace").splitlines() or ["", ""])[1])[2:10]
    if name == key.id:
        return key
    text = _small(copy, KEYS)
    try:
        key.check(text, _small(copy, f"{KEYS}.minisig"))
    except NotOurs as error:
        raise NotOurs(f"Its key is not one that your key vouches for. {error}") from error
    known = json.loads(text)
    if datetime.fromisoformat(known["expires"]) < now:
        raise NotOurs(f"What the root key signed expired on {known['expires']}.")
    for line in known["release"]:
        if (release := PublicKey.read(line)).id == name:
            return release
    raise NotOurs("It is signed with a key that the root key does not name.")


def _entries(copy: Copy, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    text = _small(copy, f"{CORNER}objects/{name[:2]}/{name}")
    if hashlib.sha256(text).hexdigest() != name:
        raise NotOurs(f"Part {name} of the manifest was altered.")
    node = json.loads(text)
    yield from node.get("entries", {}).items()
    for branch in node.get("children", {}).values():
        yield from _entries(copy, branch[0])


def _small(copy: Copy, path: str) -> bytes:
    if (stream := copy.open(path)) is None:
        raise NotOurs(f"{path} is missing.")
    with stream:
        return stream.read(SMALL)


def _look(copy: Copy, path: str, entry: dict[str, Any]) -> tuple[str, str]:
    """The path and `""`, "missing" or "altered"."""
    status = entry.get("status", 200)
    try:
        if status != 200 and isinstance(copy, Web):
            code, location = copy.answer(path)
            if code in (301, 302, 303, 307, 308) and status in (301, 302):
                right = urllib.parse.urljoin(copy.address, entry["to"])
                return path, "" if urllib.parse.urljoin(
                    copy.address, location
                ) == right else "altered"
            if status == 410:
                return path, "" if code in (404, 410) else "altered"
        return path, _compare(copy, path, entry) if entry.get("hash") else ""
    except OSError:
        return path, "missing"


def _compare(copy: Copy, path: str, entry: dict[str, Any]) -> str:
    if (stream := copy.open(path)) is None:
        return "missing"
    digest, left = hashlib.sha256(), entry["size"] + 1
    with stream:
        while left > 0 and (block := stream.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
    return "" if left == 1 and digest.hexdigest() == entry["hash"] else "altered"


def _note(report: Report, path: str, verdict: str) -> None:
    report.checked += 1
    if verdict:
        {"missing": report.missing, "altered": report.altered}[verdict].append(path)


def _look_for_others(copy: Folder, entries: dict[str, dict[str, Any]], report: Report) -> None:
    files = {path for path, entry in entries.items() if entry.get("hash")}
    for path in sorted(set(copy.paths()) - files):
        if path.endswith(COMPANIONS) and path[:-3] in files:
            _look_inside(copy, path, entries[path[:-3]], report)
        elif not _is_in_our_corner(copy, path):
            report.extra.append(path)


def _look_inside(copy: Folder, path: str, entry: dict[str, Any], report: Report) -> None:
    content: bytes | None = b""
    raw = (copy.root / path).read_bytes()
    try:
        if path.endswith(".gz"):
            content = zlib.decompressobj(wbits=31).decompress(raw, entry["size"] + 1)
        else:
            content = brotli.decompress(raw) if brotli else None
    except Exception:  # noqa: BLE001 however it is broken, it is not what was signed
        content = b""
    if content is None:
        report.unchecked.append(path)
    elif hashlib.sha256(content).hexdigest() != entry["hash"]:
        report.altered.append(path)


def _is_in_our_corner(copy: Folder, path: str) -> bool:
    if path in {POINTER, KEYS, f"{POINTER}.minisig", f"{KEYS}.minisig"}:
        return True
    match = re.fullmatch(re.escape(CORNER) + r"objects/(..)/(\1[0-9a-f]{62})", path)
    size = (copy.root / path).stat().st_size
    return match is not None and not _compare(copy, path, {"hash": match[2], "size": size})


def describe(report: Report, say: Callable[[str], object]) -> None:
    if report.pointer:
        say(f"Edition {report.pointer['sequence']}, signed {report.pointer['issued']}.")
    for problem in report.problems:
        say(f"Not ours: {problem}")
    for word in ("missing", "altered", "extra"):
        for path in getattr(report, word):
            say(f"{word}: {path}")
    if report.unchecked:
        say(f"{len(report.unchecked)} brotli files were not looked into: pip install brotli.")
    if report.holds:
        say(f"All {report.checked} entries are as they were signed.")


def copy_at(where: str) -> Copy:
    is_address = where.startswith(("http://", "https://"))
    return Web(where) if is_address else Folder(Path(where))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("where", help="the address or the folder of a copy")
    parser.add_argument("key", help="the public key, or a file with it")
    parser.add_argument("--at-least", type=int, default=0, help="the last edition you have seen")
    parser.add_argument("--allow-expired", action="store_true", help="for an old copy on a stick")
    options = parser.parse_args(arguments)
    text = Path(options.key).read_text() if os.path.exists(options.key) else options.key
    try:
        key = PublicKey.read(text)
    except NotOurs as error:
        sys.exit(str(error))
    report = verify(
        copy_at(options.where),
        key,
        now=datetime.now(tz=UTC),
        at_least=options.at_least,
        allow_expired=options.allow_expired,
    )
    describe(report, print)
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
