import contextlib
import shutil
import subprocess
import sys
from datetime import timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tamizdat.config import serving
from tamizdat.editions import live, signing
from tamizdat.editions.tree import WORKSHOP
from tamizdat.lib import verifying
from tamizdat.lib.minisign import SecretKey
from tests.conftest import NOON
from tests.editions.copies import WORDS, found, verify
from tests.running import running

pytestmark = pytest.mark.django_db


def test_a_true_copy_holds(copy):
    report = verify(verifying.Folder(copy))

    assert report.holds, report
    assert (report.checked, report.unchecked) == (8, [])


def test_a_copy_that_came_to_another_edition_meanwhile_is_looked_at_again(copy, monkeypatch):
    news, real = [live.store("news.html", b"news")], verifying._entries

    def read_slowly(*args):
        yield from list(real(*args))
        if news:
            live.go_live({"a/index.html": None, "news.html": news.pop()}, why="test", now=NOON)

    monkeypatch.setattr(verifying, "_entries", read_slowly)
    report = verify(verifying.Folder(copy, workshop=WORKSHOP))

    assert report.holds, report
    assert news == []


@given(data=st.data())
@settings(max_examples=25,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_every_file_that_is_missing_altered_or_extra_is_named(copy, data):
    mirror = copy.with_name("mirror")
    shutil.rmtree(mirror, ignore_errors=True)
    shutil.copytree(copy, mirror)
    corner = mirror / ".well-known/tamizdat"
    files = sorted(p for p in mirror.rglob("*") if p.is_file() and corner not in p.parents)
    victim = data.draw(st.sampled_from(files))
    name = victim.relative_to(mirror).as_posix()
    verb = data.draw(st.sampled_from(WORDS))
    damage(victim, verb, at=data.draw(st.integers(0, 99)))

    is_companion = victim.suffix in (".br", ".gz")
    expected = {"missing": {} if is_companion else {"missing": [name]},
                "altered": {"altered": [name]}, "extra": {"extra": [f"{name}.new"]}}  # fmt: skip
    left = {k: [p for p in v if not p.startswith(f"{name}.") or verb != "missing"]
            for k, v in found(verify(verifying.Folder(mirror))).items()}  # fmt: skip
    assert {k: v for k, v in left.items() if v} == expected[verb]


def damage(file, verb, *, at):
    if verb == "missing":
        file.unlink()
    elif verb == "extra":
        file.with_name(f"{file.name}.new").write_bytes(b"slander")
    else:
        content = bytearray(file.read_bytes())
        content[at % len(content)] ^= 1
        if file.suffix == ".gz":
            content = bytearray(b"not gzip")
        file.unlink()
        file.write_bytes(content)


def test_a_stranger_in_our_own_corner_is_extra(copy):
    (copy / ".well-known/tamizdat/objects/note").write_bytes(b"slander")

    assert found(verify(verifying.Folder(copy))) == {"extra": [".well-known/tamizdat/objects/note"]}


def test_an_altered_manifest_is_not_believed(copy):
    root = live.site().root()
    node = copy / f".well-known/tamizdat/objects/{root[:2]}/{root}"
    node.unlink()
    node.write_bytes(b"{}")

    assert "manifest was altered" in verify(verifying.Folder(copy)).problems[0]


def test_a_frozen_copy_and_one_that_went_back_are_found_out(copy):
    folder = verifying.Folder(copy)
    key = verifying.PublicKey.read(signing.release_key().public())
    late = NOON + timedelta(hours=49)

    assert "expired" in verifying.verify(folder, key, now=late).problems[0]
    assert verifying.verify(folder, key, now=late, allow_expired=True).holds
    assert "older" in verify(folder, at_least=2).problems[0]


def test_another_key_is_not_believed(copy):
    report = verify(verifying.Folder(copy), SecretKey.generate().public())

    assert "not one that your key vouches for" in report.problems[0]


def test_who_holds_the_root_key_need_not_know_the_release_key(copy):
    root = SecretKey.generate()
    signing.sign_release_key(root, now=NOON)
    live.renew(now=NOON)
    assert verify(verifying.Folder(copy), root.public()).holds

    signing.replace_release_key()
    live.renew(now=NOON)
    assert "does not name" in verify(verifying.Folder(copy), root.public()).problems[0]
    signing.sign_release_key(root, now=NOON)
    live.renew(now=NOON)
    assert verify(verifying.Folder(copy), root.public()).holds


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def _spoken(application):
    """As a server takes it that says itself how long a connection lasts."""

    def answer(environ, start_response):
        def start(status, headers, *rest):
            kept = [(name, value) for name, value in headers if name != "Connection"]
            return start_response(status, kept, *rest)

        return application(environ, start)

    return answer


@contextlib.contextmanager
def served(tree):
    not_found = serving.NotFound(tree)
    beside = tree.with_name("site.redirects.json")
    application = serving.site(tree, redirects=beside, https=False, behind=not_found)
    server = make_server("127.0.0.1", 0, _spoken(application), handler_class=_Quiet)
    with running(server) as address:
        yield f"{address}/"


def test_a_served_copy_is_checked_as_readers_meet_it(copy):
    with served(copy) as address:
        assert verify(verifying.Web(address)).holds
        (copy / "a/index.html").unlink()
        report = verify(verifying.Web(address))

    assert found(report) == {"missing": ["a/index.html"]}


def test_the_verifier_is_one_file_that_needs_python_alone(copy, tmp_path):
    alone = tmp_path / "verifying.py"
    shutil.copy(verifying.__file__, alone)
    command = [sys.executable, "-I", "-S", alone, copy, signing.release_key().public()]
    command.append("--allow-expired")
    done = subprocess.run(command, check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert "All 8 entries are as they were signed." in done.stdout
    (copy / "a/index.html").unlink()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "missing: a/index.html" in done.stdout
