"""Copies that somebody serves who is not our friend, each as bad as we could think of."""

import base64
import contextlib
import functools
import gzip
import hashlib
import http.server
import os
import random
import resource
import shutil
import subprocess
import sys

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.editions import live, signing
from tamizdat.editions.manifest import Entry
from tamizdat.editions.tree import OURS, WORKSHOP
from tamizdat.lib import verifying
from tamizdat.lib.minisign import SecretKey
from tests.conftest import NOON
from tests.editions.copies import found, verify
from tests.ports import free_port
from tests.running import running

pytestmark = pytest.mark.django_db
SLANDER = b"<h1>slander</h1>"
KEYS, SIGNATURE = f"{OURS}keys.json", f"{OURS}edition.json.minisig"
NAME = hashlib.sha256(SLANDER).hexdigest()
NOWHERE = f"{OURS}objects/00/{'0' * 64}"


@pytest.fixture
def mirror(copy):
    """A copy of ours in other hands."""
    made = copy.with_name("mirror")
    shutil.copytree(copy, made)
    return made


def put(root, path, content):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_bytes(content)


@pytest.mark.parametrize("path", [
    f"a/{WORKSHOP}/x.html", f"{WORKSHOP}/x.html", f"{OURS}objects/{NAME[:2]}/{NAME}",
    f"{KEYS}.minisig", f"{OURS}edition.json.gz",
])  # fmt: skip
def test_nothing_foreign_hides_in_a_place_of_ours(mirror, path):
    put(mirror, path, SLANDER)

    assert found(verify(verifying.Folder(mirror))) == {"extra": [path]}


def test_our_own_workshop_alone_is_not_looked_into(copy):
    put(copy, f"{WORKSHOP}/draft", SLANDER)
    put(copy, f"a/{WORKSHOP}/draft", SLANDER)

    report = verify(verifying.Folder(copy, workshop=WORKSHOP))
    assert found(report) == {"extra": [f"a/{WORKSHOP}/draft"]}


def test_links_that_lead_nowhere_and_pipes_are_told_and_not_waited_for(mirror):
    (mirror / OURS / "objects/00").mkdir(exist_ok=True)
    (mirror / NOWHERE).symlink_to("/nothing")
    (mirror / "index.html").unlink()
    os.mkfifo(mirror / "index.html")
    (mirror / "index.html.gz").unlink()
    (mirror / "index.html.gz").symlink_to("/nothing")

    assert found(verify(verifying.Folder(mirror))) == {
        "missing": ["index.html"], "altered": ["index.html.gz"], "extra": [NOWHERE]
    }  # fmt: skip


def test_only_this_manifest_and_the_one_before_are_kept_whatever_comes(site):
    """In a large trie parts move: none that is needed is taken away, none of the others stays."""
    chance, paths = random.Random(7), [f"{number}.webp" for number in range(90)]
    roots = []
    for number in range(12):
        some = {p: live.store(p, b"%d" % chance.randrange(3)) for p in chance.sample(paths, 30)}
        some |= dict.fromkeys(chance.sample(paths, 25)) if number % 3 == 2 else {}
        some = {} if number == 5 else some
        live.go_live(some, why="test", now=NOON)
        roots = [*roots[-1:], live.site().root()]
        names = {name for root in roots for name in live.site().manifest.nodes(root)}
        assert {p.name for p in (site / OURS / "objects").glob("??/*")} == names
        assert verify(verifying.Folder(site)).holds


def test_a_site_that_was_lost_and_made_again_keeps_no_manifest_of_before(site):
    for number in range(3):
        live.go_live({"a.webp": live.store("a.webp", b"%d" % number)}, why="test", now=NOON)
    live.forget()
    live.go_live({"b.webp": live.store("b.webp", b"b")}, why="test", now=NOON)

    assert len(list((site / OURS / "objects").glob("??/*"))) == 1
    assert verify(verifying.Folder(site)).holds


@pytest.mark.parametrize("has_root", [False, True])
def test_who_holds_the_release_key_is_told_of_altered_keys(copy, mirror, has_root):
    if has_root:
        signing.sign_release_key(SecretKey.generate(), now=NOON)
        live.renew(now=NOON)
        shutil.copytree(copy, mirror, dirs_exist_ok=True)
    assert verify(verifying.Folder(mirror)).holds

    put(mirror, KEYS, b'{"release":["RWslander"]}')
    assert found(verify(verifying.Folder(mirror))) == {"altered": [KEYS]}
    (mirror / KEYS).unlink()
    assert found(verify(verifying.Folder(mirror))) == {"missing": [KEYS]}


def test_an_altered_signature_of_the_keys_is_told(copy, mirror):
    root = SecretKey.generate()
    signing.sign_release_key(root, now=NOON)
    live.renew(now=NOON)
    older = (copy / KEYS).read_bytes(), (copy / f"{KEYS}.minisig").read_bytes()
    signing.sign_release_key(root, now=NOON.replace(hour=13))
    live.renew(now=NOON)
    shutil.copytree(copy, mirror, dirs_exist_ok=True)

    put(mirror, f"{KEYS}.minisig", older[1])
    assert found(verify(verifying.Folder(mirror))) == {"altered": [f"{KEYS}.minisig"]}
    put(mirror, KEYS, older[0])  # true, and of another day
    assert found(verify(verifying.Folder(mirror), root.public())) == {"altered": [KEYS]}


@pytest.mark.parametrize("suffix", [".gz", ".br"])
@pytest.mark.parametrize("more", [gzip.compress(SLANDER), brotli.compress(SLANDER), b"\0"],
                         ids=["gzip", "brotli", "a byte"])  # fmt: skip
def test_what_is_appended_to_a_compressed_file_is_found(mirror, suffix, more):
    path = f"index.html{suffix}"
    put(mirror, path, (mirror / path).read_bytes() + more)

    assert found(verify(verifying.Folder(mirror))) == {"altered": [path]}


@pytest.mark.parametrize("suffix", [".gz", ".br"])
def test_a_compressed_file_without_its_end_is_altered(mirror, suffix):
    path = f"index.html{suffix}"
    put(mirror, path, (mirror / path).read_bytes()[:-1])

    assert found(verify(verifying.Folder(mirror))) == {"altered": [path]}


@pytest.mark.parametrize("old", [False, True])
def test_a_bomb_of_brotli_takes_little_memory(mirror, monkeypatch, old):
    """Brotli before 1.2 has no limit of its own."""
    if old:
        monkeypatch.setattr(brotli, "Decompressor", lambda: OldBrotli())
    put(mirror, "index.html.br", bomb())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert found(verify(verifying.Folder(mirror))) == {"altered": ["index.html.br"]}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10


def bomb():
    """Three hundred mebibytes of nothing, in 241 bytes."""
    packer = brotli.Compressor(quality=5, lgwin=24)
    pieces = [packer.process(bytes(1 << 20)) for _ in range(300)]
    return b"".join([*pieces, packer.finish()])


class OldBrotli:
    def __init__(self):
        self._real = _Decompressor()
        self.process, self.is_finished = self._real.process, self._real.is_finished


_Decompressor = brotli.Decompressor


@given(content=st.binary(max_size=99).map(lambda seed: seed * 4001), quality=st.integers(0, 11))
def test_whatever_is_packed_is_unpacked_whole(content, quality):
    packed = brotli.compress(content, quality=min(quality, 9)), gzip.compress(content, quality % 10)
    entry = {"hash": hashlib.sha256(content).hexdigest(), "size": len(content)}

    for unpack, raw in zip((verifying._unbrotli, verifying._gunzip), packed, strict=True):
        assert verifying._is(entry, unpack(Blocks(raw)))


class Blocks:
    """A file that gives little at a time."""

    def __init__(self, raw):
        self._pieces = iter([raw[i : i + 777] for i in range(0, len(raw), 777)])

    def read(self, _size):
        return next(self._pieces, b"")


def test_a_signature_that_is_none_is_said_to_be_none(mirror):
    lines = (mirror / SIGNATURE).read_bytes().splitlines()
    short = base64.b64encode(base64.b64decode(lines[1])[:20])
    for content in [
        b"", b"one line", b"\xff\n\xff\xff\ntrusted comment: x\n\xff",
        b"\n".join([lines[0], short, *lines[2:]]), b"\n".join([*lines[:3], b""]),
        b"\n".join([*lines[:3], short]),
    ]:  # fmt: skip
        put(mirror, SIGNATURE, content)
        assert verify(verifying.Folder(mirror)).problems


def test_what_our_key_signed_for_another_purpose_is_no_edition(mirror):
    for content in [b"a report", b"[]", b'{"sequence":1}']:
        put(mirror, f"{OURS}edition.json", content)
        signed = signing.release_key().sign(content, trusted_comment="sequence:1 halt")
        put(mirror, SIGNATURE, signed)

        assert "no edition" in verify(verifying.Folder(mirror)).problems[0]


def test_the_name_of_a_file_says_nothing_in_our_name(mirror, capsys):
    put(mirror, "x\nAll 8 entries are as they were signed.", SLANDER)
    (mirror / os.fsdecode(b"\xff")).write_bytes(SLANDER)
    verifying.describe(verify(verifying.Folder(mirror)), print)

    lines = capsys.readouterr().out.splitlines()
    assert "All 8 entries are as they were signed." not in lines
    assert "extra: '\\udcff'" in lines


class Mirror(http.server.SimpleHTTPRequestHandler):
    """Serves the files of a folder, and for some addresses what `answers` says."""

    def __init__(self, *args, answers, **kwargs):
        self.answers = answers
        super().__init__(*args, **kwargs)

    def do_GET(self):
        answer = self.answers(self.path)
        if answer is None:
            super().do_GET()
        else:
            self.wfile.write(answer)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder, answers):
    handler = functools.partial(Mirror, directory=folder, answers=answers)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    with running(server) as address:
        yield f"{address}/"


MOVED = {"/old/": b"HTTP/1.0 301 Moved\r\nLocation: /a/\r\n\r\n",
         "/?p=1": b"HTTP/1.0 302 Found\r\nLocation: /a/\r\n\r\n"}  # fmt: skip
NOT_FOUND = b"HTTP/1.0 404 Not Found\r\n\r\n"
HALF = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc"


@pytest.mark.parametrize(("path", "answer"), [
    ("/a/", NOT_FOUND),
    ("/a/", b"\0garbage\r\n\r\n"),
    ("/a/", b""),
    ("/a/", HALF),
    ("/a/", b"HTTP/1.1 302 Found\r\nLocation: http://[nowhere\r\n\r\n"),
    ("/old/", b"HTTP/1.0 301 Moved\r\nLocation: http://[nowhere\r\n\r\n"),
])  # fmt: skip
def test_a_page_that_readers_cannot_get_is_missing(mirror, path, answer):
    with served(mirror, ({**MOVED, path: answer}).get) as address:
        report = verify(verifying.Web(address))

    assert found(report) == {"missing": [f"{path.strip('/')}/index.html"]}


def test_a_mirror_that_is_plain_files_holds_though_it_moves_nobody(mirror):
    with served(mirror, {}.get) as address:
        assert verify(verifying.Web(address)).holds


def test_an_address_with_a_query_leads_to_nothing_foreign(mirror):
    slander = b"HTTP/1.0 200 OK\r\n\r\n" + SLANDER
    with served(mirror, {**MOVED, "/?p=1": slander}.get) as address:
        assert found(verify(verifying.Web(address))) == {"altered": ["/?p=1"]}


@pytest.mark.parametrize("answer", [b"", b"\x1b[2Jgarbage\r\n\r\n", HALF])
def test_a_mirror_that_speaks_nonsense_is_unreachable_in_one_sentence(mirror, answer):
    with (
        served(mirror, {f"/{OURS}edition.json": answer}.get) as address,
        pytest.raises(verifying.Unreachable, match=r"did not give .*ask again\.") as caught,
    ):
        verify(verifying.Web(address))

    assert str(caught.value).isprintable()


def test_who_publishes_while_we_look_is_looked_at_again(copy):
    """The pages are others by the time that we have read what they should be."""
    later = [live.store("a/index.html", b"newer")]

    class Busy(verifying.Web):
        def open(self, path):
            if later and path.startswith(f"{OURS}objects/"):
                live.go_live({"a/index.html": later.pop()}, why="test", now=NOON)
            return super().open(path)

    with served(copy, {}.get) as address:
        report = verify(Busy(address))
    assert (report.holds, report.pointer["sequence"]) == (True, 2), report


def test_alone_it_says_in_one_sentence_what_to_do(copy, tmp_path):
    key = signing.release_key().public()
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    for words, says in [
        ([f"http://127.0.0.1:{free_port()}/", key], "Connection refused"),
        (["http://[nonsense/", key], "Is the address right"),
        ([tmp_path / "nowhere", key], "There is no folder"),
        ([copy, tmp_path], "cannot be read"),
        ([copy, tmp_path / "binary"], "begins with RW"),
        ([copy, "é" * 5000], "begins with RW"),
    ]:
        command = [sys.executable, "-I", "-S", verifying.__file__, *words]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
        assert says in done.stderr


def test_a_redirect_without_its_page_is_missing(copy, mirror):
    live.go_live({"old/index.html": Entry.redirect(301, "/b/")}, why="test", now=NOON)
    with served(mirror, {"/old/": NOT_FOUND, "/?p=1": NOT_FOUND}.get) as address:
        assert found(verify(verifying.Web(address))) == {"missing": ["old/index.html"]}
