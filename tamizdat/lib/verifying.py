#!/usr/bin/env python3
"""Does this copy of a newsroom's site hold what the newsroom signed?

    python verifying.py https://mirror.example/ RWQ…      (or a folder; the key, or a file with it)

This one file needs nothing but Python 3.11: hand it on with the public key. It says which files are
missing, altered or extra, and whether signature, date and number hold; it ends with 0 or 1.
"""

import argparse
import base64
import contextlib
import hashlib
import http.client
import io
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
PINCH = 16  # bytes of brotli that unpack to 32 MiB at most, where it knows no limit itself
AT_ONCE = 8
ATTEMPTS = 3  # a newsroom may publish while its site is looked at
MOVED = (301, 302, 303, 307, 308)
BROKEN = (OSError, http.client.HTTPException, ValueError)  # no answer, half of one, or nonsense

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
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or _BASE is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % L
    return _equal(_multiply(s, _BASE), _add(commitment, _multiply(challenge, key)))


class NotOurs(Exception):
    """What is signed cannot be believed; the message says why."""


class Unreachable(Exception):
    """There is nothing to look at; the message says what to do."""


@dataclass(frozen=True)
class PublicKey:
    id: bytes
    raw: bytes

    @classmethod
    def find(cls, text: str) -> "PublicKey":
        """A key line, or the file that has it. Raises NotOurs."""
        if os.path.exists(text):
            try:
                with open(text, "rb") as file:
                    text = file.read(BLOCK).decode(errors="replace")
            except OSError as error:
                raise NotOurs(
                    f"{text} cannot be read ({error.strerror}): "
                    "give a key file, or the line in it that begins with RW."
                ) from error
        return cls.read(text)

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
    except ValueError:
        return b""


class Folder:
    """A copy on a disk: the only one that can be searched for what is not ours.

    `workshop` is the folder in it that is not looked into: where the newsroom makes its own files.
    `settle` waits until nobody is changing it.
    """

    def __init__(
        self, root: Path, *, workshop: str = "", settle: Callable[[], object] = lambda: None
    ) -> None:
        self.root = root
        self.workshop = workshop
        self.settle = settle

    def __str__(self) -> str:
        return str(self.root)

    def open(self, path: str) -> BinaryIO | None:
        file = self.root / path
        try:
            return file.open("rb") if ".." not in path.split("/") and file.is_file() else None
        except OSError:
            return None

    def paths(self) -> Iterator[str]:
        """Every file, and what may hide some: links to folders, folders that cannot be read."""
        closed: list[str] = []
        for folder, subfolders, names in os.walk(
            self.root, onerror=lambda error: closed.append(error.filename)
        ):
            if folder == os.fspath(self.root):
                subfolders[:] = [name for name in subfolders if name != self.workshop]
            linked = [name for name in subfolders if os.path.islink(os.path.join(folder, name))]
            yield from (self._inside(os.path.join(folder, name)) for name in names + linked)
        yield from map(self._inside, closed)

    def _inside(self, file: str) -> str:
        return os.path.relpath(file, self.root).replace(os.sep, "/")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Web:
    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/") + "/"
        self._follow = urllib.request.build_opener()
        self._stay = urllib.request.build_opener(_NoRedirect)

    def __str__(self) -> str:
        return self.address

    def settle(self) -> None:
        time.sleep(1)  # its files change one after the other

    def open(self, path: str) -> BinaryIO | None:
        """What a reader gets who asks for it. Raises one of BROKEN."""
        try:
            answer: BinaryIO = self._follow.open(self._request(path), timeout=30)
        except urllib.error.HTTPError as error:
            error.close()
            return None
        return answer

    def answer(self, path: str) -> tuple[int, str]:
        """The status, and where it leads. Raises one of BROKEN."""
        try:
            with self._stay.open(self._request(path), timeout=30) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as error:
            with contextlib.closing(error):
                return error.code, error.headers.get("Location", "")

    def _request(self, path: str) -> urllib.request.Request:
        asked = re.sub(r"(^|/)index\.html$", r"\1", path.lstrip("/"))  # nobody asks for that name
        address = self.address + urllib.parse.quote(asked, safe="/?=&;%+,:@")
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
    """Compare a copy with what `key` signed, byte for byte. Raises Unreachable."""
    for _ in range(ATTEMPTS):
        report, text = Report(), b""
        try:
            text = _small(copy, POINTER)
            _examine(copy, text, key, now=now, report=report)
        except NotOurs as error:
            report.problems.append(str(error))
        if report.holds or not _has_moved_on(copy, text):
            break
    if not report.pointer:
        return report
    if not allow_expired and datetime.fromisoformat(report.pointer["expires"]) < now:
        report.problems.append(
            f"It expired on {report.pointer['expires']}: newer news is withheld."
        )
    if report.pointer["sequence"] < at_least:
        report.problems.append(f"You have seen edition {at_least}: this one is older.")
    return report


def _has_moved_on(copy: Copy, text: bytes) -> bool:
    """Whether there is another edition now."""
    copy.settle()
    try:
        return _small(copy, POINTER) != text
    except (NotOurs, Unreachable):
        return False


def _examine(copy: Copy, text: bytes, key: PublicKey, *, now: datetime, report: Report) -> None:
    """Note what differs from what `text` says, and was signed. Raises NotOurs, Unreachable."""
    report.pointer, comment = _signed_pointer(copy, text, key, now=now)
    nodes: set[str] = set()
    entries = dict(_entries(copy, report.pointer["root"], nodes))
    known = {POINTER, f"{POINTER}.minisig", *_look_at_keys(copy, comment, report)}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for path, verdict in zip(
            entries, pool.map(lambda path: _look(copy, path, entries), entries), strict=True
        ):
            report.checked += 1
            _note(report, path, verdict)
    if isinstance(copy, Folder):
        _note_earlier(copy, report.pointer["previous"], nodes)
        _look_for_others(copy, entries, known | {_place(name) for name in nodes}, report)


def _signed_pointer(
    copy: Copy, text: bytes, key: PublicKey, *, now: datetime
) -> tuple[dict[str, Any], str]:
    """What `text` says, and the comment that was signed with it. Raises NotOurs."""
    signature = _small(copy, f"{POINTER}.minisig")
    comment = _signer(copy, key, signature, now=now).check(text, signature)
    pointer = _statement(text, "sequence", "root", "previous", "issued", "expires")
    if not comment.startswith(f"sequence:{pointer['sequence']} "):
        raise NotOurs("The signature speaks of another edition.")
    return pointer, comment


def _signer(copy: Copy, key: PublicKey, signature: bytes, *, now: datetime) -> PublicKey:
    """`key` itself, or a release key that it vouches for."""
    name = _decoded("".join(signature.decode(errors="replace").splitlines()[1:2]))[2:10]
    if name == key.id:
        return key
    text = _small(copy, KEYS)
    try:
        key.check(text, _small(copy, f"{KEYS}.minisig"))
    except NotOurs as error:
        raise NotOurs(f"Its key is not one that your key vouches for. {error}") from error
    known = _statement(text, "expires", "release")
    if datetime.fromisoformat(known["expires"]) < now:
        raise NotOurs(f"What the root key signed expired on {known['expires']}.")
    for line in known["release"]:
        if (release := PublicKey.read(line)).id == name:
            return release
    raise NotOurs("It is signed with a key that the root key does not name.")


def _statement(text: bytes, *needed: str) -> dict[str, Any]:
    """Our keys sign other things too. Raises NotOurs."""
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not said.keys() >= set(needed):
        raise NotOurs("What is signed is something else of ours, and no edition.")
    return said


def _look_at_keys(copy: Copy, comment: str, report: Report) -> Iterator[str]:
    """Who signed the edition says which file names the keys; the paths that may be there."""
    text = _bytes(copy, KEYS)
    if f"keys:{hashlib.sha256(text or b'').hexdigest()}" not in comment.split():
        _note(report, KEYS, "missing" if text is None else "altered")
        yield from (KEYS, f"{KEYS}.minisig")
        return
    yield KEYS
    if root := json.loads(text or b"").get("root"):
        yield f"{KEYS}.minisig"
        signature = _bytes(copy, f"{KEYS}.minisig")
        try:
            PublicKey.read(root).check(text or b"", signature or b"")
        except NotOurs:
            _note(report, f"{KEYS}.minisig", "missing" if signature is None else "altered")


def _place(name: str) -> str:
    return f"{CORNER}objects/{name[:2]}/{name}"


def _node(copy: Copy, name: str) -> dict[str, Any]:
    text = _small(copy, _place(name))
    if hashlib.sha256(text).hexdigest() != name:
        raise NotOurs(f"Part {name} of the manifest was altered.")
    node: dict[str, Any] = json.loads(text)
    return node


def _entries(copy: Copy, name: str, nodes: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What there is to be; the parts that say so are added to `nodes`. Raises NotOurs."""
    node = _node(copy, name)
    nodes.add(name)
    yield from node.get("entries", {}).items()
    for branch in node.get("children", {}).values():
        yield from _entries(copy, branch[0], nodes)


def _note_earlier(copy: Copy, name: str, nodes: set[str]) -> None:
    """Add the parts of the edition before, as far as they are here: who reads it may go on."""
    if not name or name in nodes:
        return
    with contextlib.suppress(NotOurs):
        node = _node(copy, name)
        nodes.add(name)
        for branch in node.get("children", {}).values():
            _note_earlier(copy, branch[0], nodes)


def _small(copy: Copy, path: str) -> bytes:
    """Raises NotOurs if it is missing, Unreachable if nobody can say."""
    if (content := _bytes(copy, path)) is None:
        raise NotOurs(f"{path} is missing.")
    return content


def _bytes(copy: Copy, path: str) -> bytes | None:
    try:
        if (stream := copy.open(path)) is None:
            return None
        with stream:
            return stream.read(SMALL)
    except BROKEN as error:
        reason = getattr(error, "reason", "") or error
        raise Unreachable(
            f"{copy} did not give {path} ({_shown(str(reason))}). "
            "Is the address right, and are you online? Then ask again."
        ) from error


def _look(copy: Copy, path: str, entries: dict[str, dict[str, Any]]) -> str:
    """`""`, "missing" or "altered"."""
    entry = entries[path]
    try:
        if entry.get("status", 200) != 200 and isinstance(copy, Web):
            return _look_at_moved(copy, path, entries)
        return _compare(copy, path, entry) if entry.get("hash") else ""
    except BROKEN:
        return "missing"


def _look_at_moved(copy: Web, path: str, entries: dict[str, dict[str, Any]]) -> str:
    entry, (code, location) = entries[path], copy.answer(path)
    if entry["status"] == 410:
        return "" if code in (404, 410) else "altered"
    if code in MOVED:
        there = urllib.parse.urljoin(copy.address, location)
        return "" if there == urllib.parse.urljoin(copy.address, entry["to"]) else "altered"
    if code != 200:
        return "missing" if entry.get("hash") else ""  # storage knows no addresses with a query
    page = entry if entry.get("hash") else entries.get(_page(path), {})
    return _compare(copy, path, page) if page.get("hash") else "altered"


def _page(address: str) -> str:
    """The file that a server of files gives, which sees no query."""
    path = address.lstrip("/").partition("?")[0]
    return f"{path}index.html" if path.endswith("/") or not path else path


def _compare(copy: Copy, path: str, entry: dict[str, Any]) -> str:
    if (stream := copy.open(path)) is None:
        return "missing"
    with stream:
        return "" if _is(entry, iter(lambda: stream.read(BLOCK), b"")) else "altered"


def _is(entry: dict[str, Any], pieces: Iterable[bytes]) -> bool:
    """Whether they are that content; takes no more of them than it has bytes."""
    digest, left = hashlib.sha256(), entry["size"]
    for piece in pieces:
        digest.update(piece)
        left -= len(piece)
        if left < 0:
            return False
    return left == 0 and digest.hexdigest() == entry["hash"]


def _note(report: Report, path: str, verdict: str) -> None:
    if verdict:
        {"missing": report.missing, "altered": report.altered}[verdict].append(path)


def _look_for_others(
    copy: Folder, entries: dict[str, dict[str, Any]], known: set[str], report: Report
) -> None:
    files = {path for path, entry in entries.items() if entry.get("hash")}
    for path in sorted(set(copy.paths()) - files - known):
        if path.endswith(COMPANIONS) and path[:-3] in files:
            _look_inside(copy, path, entries[path[:-3]], report)
        else:
            report.extra.append(path)


def _look_inside(copy: Folder, path: str, entry: dict[str, Any], report: Report) -> None:
    if path.endswith(".br") and not brotli:
        report.unchecked.append(path)
        return
    unpack = _gunzip if path.endswith(".gz") else _unbrotli
    try:
        stream = copy.open(path)
        if stream is None:
            _note(report, path, "altered")
            return
        with stream:
            holds = _is(entry, unpack(stream))
    except Exception:  # noqa: BLE001 however it is broken, it is not what was signed
        holds = False
    _note(report, path, "" if holds else "altered")


def _gunzip(stream: BinaryIO) -> Iterator[bytes]:
    """Raises ValueError if it is anything but one whole member, zlib.error."""
    unpacker = zlib.decompressobj(wbits=31)
    while block := stream.read(BLOCK):
        while piece := unpacker.decompress(block, BLOCK):
            yield piece
            block = unpacker.unconsumed_tail
        if unpacker.unused_data:
            raise ValueError("A browser would go on reading what follows.")
    if not unpacker.eof:
        raise ValueError("Its end is missing.")


def _unbrotli(stream: BinaryIO) -> Iterator[bytes]:
    """Raises ValueError if its end is missing, brotli.error if anything follows."""
    unpacker = brotli.Decompressor()
    has_limit = hasattr(unpacker, "can_accept_more_data")  # since 1.2
    limit = {"output_buffer_limit": BLOCK} if has_limit else {}
    while block := stream.read(BLOCK if has_limit else PINCH):
        while piece := unpacker.process(block, **limit):
            yield piece
            block = b""
    if not unpacker.is_finished():
        raise ValueError("Its end is missing.")


def describe(report: Report, say: Callable[[str], object]) -> None:
    if report.pointer:
        say(f"Edition {report.pointer['sequence']}, signed {report.pointer['issued']}.")
    for problem in report.problems:
        say(f"Not ours: {problem}")
    for word in ("missing", "altered", "extra"):
        for path in getattr(report, word):
            say(f"{word}: {_shown(path)}")
    if report.unchecked:
        say(f"{len(report.unchecked)} brotli files were not looked into: pip install brotli.")
    if report.holds:
        say(f"All {report.checked} entries are as they were signed.")


def _shown(path: str) -> str:
    """A stranger's name for a file may move the cursor, or be no text at all."""
    return path if path.isprintable() else ascii(path)


def copy_at(where: str, *, workshop: str = "") -> Copy:
    """Raises Unreachable if it is neither an address nor a folder."""
    if where.lower().startswith(("http://", "https://")):
        return Web(where)
    if not os.path.isdir(where):
        raise Unreachable(f"There is no folder {where}. An address begins with https://.")
    return Folder(Path(where), workshop=workshop)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("where", help="the address or the folder of a copy")
    parser.add_argument("key", help="the public key, or a file with it")
    parser.add_argument("--at-least", type=int, default=0, help="the last edition you have seen")
    parser.add_argument("--allow-expired", action="store_true", help="for an old copy on a stick")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        report = verify(
            copy_at(options.where),
            PublicKey.find(options.key),
            now=datetime.now(tz=UTC),
            at_least=options.at_least,
            allow_expired=options.allow_expired,
        )
    except (NotOurs, Unreachable) as error:
        sys.exit(str(error))
    describe(report, print)
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
