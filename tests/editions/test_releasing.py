import io
import json
import os
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tamizdat.editions import live, releasing, signing
from tamizdat.editions.manifest import Entry
from tamizdat.editions.models import Edition
from tamizdat.editions.tree import OURS
from tamizdat.lib.minisign import SecretKey
from tests.conftest import NOON
from tests.editions.conftest import files_in, later
from tests.ports import free_port

pytestmark = pytest.mark.django_db


def go(now=NOON, **pages):
    entries = {
        f"{name}.html": live.store(f"{name}.html", text.encode()) if text else None
        for name, text in pages.items()
    }
    return live.go_live(entries, why="test", now=now)


def run(*words):
    out = io.StringIO()
    call_command("edition", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def passphrase(monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "salt and fog")


def test_going_back_and_forth_is_a_new_edition_each_time(site):
    go(a="1", b="1")
    first = files_in(site)
    live.go_live({"a.html": None, "b.html": Entry.redirect(301, "/c")}, why="test", now=NOON)
    second = files_in(site)

    assert releasing.roll_back(1, now=NOON, bring_back=True).number == 3
    assert files_in(site) == first
    assert json.loads((site.parent / "site.redirects.json").read_bytes()) == {}
    assert releasing.roll_back(2, now=NOON, bring_back=True).why == "back to edition 2"
    assert files_in(site) == second
    assert Edition.objects.get(number=4).root == Edition.objects.get(number=2).root


def test_there_is_no_way_back_to_what_never_was_or_is_cleared_away(site):
    go(a="1")
    Edition.objects.update(root="")

    for number, says in [(1, "cleared away"), (9, "no edition 9")]:
        with pytest.raises(CommandError, match=says):
            run("rollback", str(number))


@pytest.fixture
def old(monkeypatch):
    """An archive of forty days ago, and one page of today."""
    monkeypatch.setattr(releasing, "KEEP_EDITIONS", 1)
    go(a="old", b="kept")
    go(a="old too")
    go(a="new", now=later(days=40))
    for file in live.site().objects.everything():
        os.utime(file.path, (NOON.timestamp(), NOON.timestamp()))


def test_pruning_clears_what_only_old_editions_hold(site, old):
    before = files_in(site)
    here = live.site()
    gone = [here.manifest.get(e.root, "a.html").hash for e in Edition.objects.all()[1:]]

    assert releasing.prune(now=later(days=41)) >= 6
    assert not any(os.path.exists(here.objects.file(name)) for name in gone)
    assert files_in(site) == before
    assert [bool(e.root) for e in Edition.objects.all()] == [True, False, False]
    assert releasing.examine(now=later(days=40)).holds
    assert releasing.prune(now=later(days=41)) == 0


def test_what_was_stored_today_is_spared_though_no_edition_has_it_yet(site, old):
    entry = live.store("c.html", b"about to go live")
    releasing.prune(now=timezone.now())

    assert live.site().objects.read(entry.hash) == b"about to go live"


def test_editions_of_the_last_thirty_days_stay(site):
    go(a="1")
    for day in range(25):
        go(a=str(day), now=later(days=day))
    releasing.prune(now=later(days=26))

    assert releasing.roll_back(1, now=later(days=26), bring_back=True).number == 27


def test_the_tree_has_no_part_of_what_is_signed_no_more(site):
    for text in "123":
        go(a=text)
    last, before, old = Edition.objects.values_list("root", flat=True)
    live.site().tree.place(live._place(old), live.site().objects.file(old))
    releasing.prune(now=NOON)

    nodes = {file.name for file in (site / OURS).glob("objects/??/*")}
    assert {last, before} <= nodes
    assert old not in nodes


def test_damage_is_found_and_put_right(site):
    go(a="1", b="2")
    (site / "a.html").unlink()
    (site / "b.html.br").unlink()
    (site / "b.html.br").write_bytes(b"slander")
    (site / "c.html").write_bytes(b"slander")

    with pytest.raises(CommandError, match="not what we signed"):
        run("verify")
    assert "2 restored, 1 taken away" in run("verify", "--repair")
    assert releasing.examine(now=NOON).holds


def test_a_page_that_came_while_it_looked_is_no_stranger(site):
    go(a="1")
    (site / "b.html").write_bytes(b"slander")
    report = releasing.examine(now=NOON)
    report.extra += ["c.html", "c.html.gz"]
    go(c="news")
    mended = releasing.repair(report, now=NOON)

    assert mended.removed == ["b.html"]
    assert (site / "c.html.gz").exists()
    assert releasing.examine(now=NOON).holds


def test_it_looks_again_when_an_edition_came_meanwhile(site, monkeypatch):
    go(a="1", b="1")
    real, news = releasing.verifying._examine, [{"c": "1"}, {"a": None}]

    def examine_slowly(*args, report, **options):
        real(*args, report=report, **options)
        if news:
            go(**news.pop())
            report.missing.append("a.html")

    monkeypatch.setattr(releasing.verifying, "_examine", examine_slowly)
    assert releasing.examine(now=NOON).holds


def test_what_was_written_through_the_link_is_lost_and_said_so(site):
    go(a="1")
    os.chmod(site / "a.html", 0o644)
    (site / "a.html").write_bytes(b"slander")

    with pytest.raises(CommandError, match="damaged"):
        run("verify", "--repair")
    go(a="1")
    assert "1 restored" in run("verify", "--repair")


def test_the_operator_reads_what_happened(site):
    go(a="1", b="1")
    live.go_live({"a.html": Entry.gone(), "b.html": None}, why="a was wrong", now=NOON)

    assert "a was wrong" in run("list")
    assert run("diff", "1", "2").splitlines() == ["~ a.html (gone)", "- b.html"]
    assert "0 files cleared away" in run("prune")


def test_a_root_key_is_made_and_vouches_for_the_next_release_key(site, tmp_path, passphrase):
    go(a="1")
    release, root = signing.release_key().public(), tmp_path / "root.key"
    run("key", "--new-root", os.fspath(root))
    trusted = signing.trusted_key()

    assert trusted in root.with_name("root.key.pub").read_text()
    assert root.stat().st_mode & 0o077 == 0
    assert run("key", "--root", os.fspath(root), "--rotate").count(trusted) == 1
    assert signing.release_key().public() != release
    assert releasing.examine(now=NOON).holds


def test_a_newsroom_is_told_to_make_a_root_key_and_to_use_it_in_time(site, tmp_path, passphrase):
    assert "--new-root" in next(signing.advice(now=NOON))[1]
    run("key", "--new-root", os.fspath(tmp_path / "root.key"))

    assert not list(signing.advice(now=NOON))
    assert "expires" in next(signing.advice(now=later(days=400)))[0]
    with pytest.raises(CommandError, match="--root FILE"):
        run("key", "--rotate")
    signing.replace_release_key()
    assert "no reader believes" in next(signing.advice(now=NOON))[0]


def test_no_key_that_readers_hold_is_replaced_unasked(site, tmp_path, passphrase):
    old, other = tmp_path / "old.key", tmp_path / "other.key"
    release = signing.release_key().public()
    for words in (["--rotate"], ["--rotate", "--new-root", os.fspath(old)]):
        with pytest.raises(CommandError, match=r"no root key: readers hold.* --yes"):
            run("key", *words)
    assert signing.release_key().public() == release
    assert not old.exists()
    run("key", "--rotate", "--yes")
    assert signing.release_key().public() != release
    run("key", "--new-root", os.fspath(old))
    root = signing.trusted_key()

    signing.keep_secret(other, SecretKey.generate().as_text(passphrase="salt and fog"))
    for words in (["--new-root", os.fspath(tmp_path / "new.key")], ["--root", os.fspath(other)]):
        with pytest.raises(CommandError, match=r"hold the root key RW.* --yes"):
            run("key", *words)
    assert signing.trusted_key() == root
    run("key", "--root", os.fspath(other), "--yes")
    assert signing.trusted_key() != root


def test_a_root_key_that_is_not_there_is_not_asked_for(site, tmp_path, monkeypatch):
    (tmp_path / "junk").write_bytes(b"a\n\xff\xff\n")
    with pytest.raises(CommandError, match="is the memory stick in"):
        run("key", "--root", "/nonexistent")
    monkeypatch.setattr("getpass.getpass", _no_terminal)
    for words in (["--root", os.fspath(tmp_path / "junk")], ["--new-root", "/nonexistent"]):
        with pytest.raises(CommandError, match="in a terminal"):
            run("key", *words)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "fog")
    with pytest.raises(CommandError, match="no minisign secret key"):
        run("key", "--root", os.fspath(tmp_path / "junk"))


def _no_terminal(_prompt):
    raise EOFError


@pytest.mark.parametrize("count", ["-3", "0", "many", "9" * 30])
def test_a_count_that_is_none_is_refused(site, count):
    with pytest.raises(CommandError, match="a number from 1"):
        run("list", "--count", count)


def test_checking_a_copy_says_what_to_do_when_it_cannot(site, tmp_path):
    address = f"http://127.0.0.1:{free_port()}/"
    for words, says in [
        ([address], "Is the address right"),
        ([os.fspath(tmp_path / "nowhere")], "There is no folder"),
        ([os.fspath(tmp_path), "--key", os.fspath(tmp_path)], "cannot be read"),
    ]:
        with pytest.raises(CommandError, match=says):
            call_command("verify", *words)


def test_our_own_tree_may_have_a_workshop_and_a_copy_may_not(site, tmp_path):
    live.go_live({}, why="test", now=NOON)
    (site / ".baking").mkdir(exist_ok=True)
    (site / ".baking/draft").write_bytes(b"half")
    shutil.copytree(site, tmp_path / "copy")

    assert releasing.examine(now=NOON).holds
    call_command("verify", os.fspath(site), "--allow-expired", stdout=io.StringIO())
    with pytest.raises(SystemExit):
        call_command("verify", os.fspath(tmp_path / "copy"), "--allow-expired")


def test_the_signature_is_renewed_a_day_before_it_ends(site):
    go(a="1")
    releasing.renew_if_due(now=later(hours=23))
    assert live.site().pointer().issued == "2026-11-22T12:00:00+00:00"
    releasing.renew_if_due(now=later(hours=25))
    assert live.site().pointer().issued == "2026-11-23T13:00:00+00:00"


def test_any_copy_can_be_checked_with_our_own_key_or_a_given_one(site, capsys):
    live.go_live({}, why="test", now=NOON)
    out = io.StringIO()
    call_command("verify", os.fspath(site), "--allow-expired", stdout=out)
    assert "All 0 entries" in out.getvalue()

    other = "RWQBAgMEBQYHCNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
    with pytest.raises(SystemExit):
        call_command("verify", os.fspath(site), "--key", other, stdout=out)
    assert "Not ours" in out.getvalue()
