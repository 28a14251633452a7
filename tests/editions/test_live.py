import json
import os
import random

import pytest

from tamizdat.editions import live
from tamizdat.editions.manifest import Entry
from tamizdat.editions.models import Edition
from tamizdat.editions.tree import OutsideTheTree
from tests.conftest import NOON
from tests.editions.conftest import files_in

pytestmark = pytest.mark.django_db


def go(changes, **more):
    entries = {
        path: live.store(path, what) if isinstance(what, bytes) else what
        for path, what in changes.items()
    }
    return live.go_live(entries, why="test", now=NOON, **more)


def assert_the_tree_is_one_edition(site):
    """Each file with its companions, the map, the pointer: all of them, and nothing else."""
    here = live.site()
    entries = dict(here.manifest.entries(here.root()))
    files = {path: here.objects.read(e.hash) for path, e in entries.items() if e.hash}
    for path, content in list(files.items()):
        if path.endswith((".html", ".css")):
            files[f"{path}.br"] = files[f"{path}.gz"] = content
    assert files_in(site) == files
    answers = json.loads((site.parent / "site.redirects.json").read_bytes())
    assert len(answers) == sum(entry.status != 200 for entry in entries.values())
    pointer = json.loads((site / ".well-known/tamizdat/edition.json").read_bytes())
    assert (pointer["root"], pointer["sequence"]) == (here.root(), Edition.objects.first().number)


FIRST = {
    "assets/a.css": b"a{}",
    "index.html": b"front 1",
    "harbour/index.html": b"harbour 1",
    "harbour/old/index.html": b"old",
    "harbour/moved/index.html": b"moved",
    "feed": b"a file",
}
SECOND = {
    "assets/b.css": b"b{}",
    "index.html": b"front 2",
    "harbour/new/index.html": b"new",
    "harbour/old/index.html": Entry.gone(),
    "harbour/moved/index.html": Entry.redirect(301, "/harbour/new/"),
    "/?p=12": Entry.redirect(302, "/harbour/new/"),
    "feed": None,
    "feed/index.html": b"a folder",
    "assets/a.css": None,
}


def test_the_tree_becomes_what_the_edition_says(site):
    assert go(FIRST).changed_count == 6
    assert_the_tree_is_one_edition(site)
    edition = go(SECOND)

    assert_the_tree_is_one_edition(site)
    assert (edition.number, edition.changed_count, edition.file_count) == (2, 9, 6)
    assert (site / "feed/index.html").read_bytes() == b"a folder"
    assert json.loads((site.parent / "site.redirects.json").read_bytes()) == {
        "/?p=12": [302, "/harbour/new/"],
        "/harbour/moved": [301, "/harbour/new/"],
        "/harbour/old": [410, ""],
    }
    assert b"url=/harbour/new/" in (site / "harbour/moved/index.html").read_bytes()


class PowerCut(BaseException):
    pass


@pytest.mark.parametrize("call", ["link", "replace", "unlink", "rename", "open", "fsync"])
def test_killed_at_any_point_the_next_one_finds_the_way(site, monkeypatch, call):
    go(FIRST)
    second = {p: live.store(p, b) if isinstance(b, bytes) else b for p, b in SECOND.items()}
    real, nth = getattr(os, call), 0
    while True:
        nth += 1
        left = [nth]

        def cut(*args, left=left, **kwargs):
            left[0] -= 1
            if left[0] == 0:
                raise PowerCut
            return real(*args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, cut)
            try:
                go(second, remove_first=["harbour/old/index.html"])
                break
            except PowerCut:
                pass
        live.recover()
        assert_the_tree_is_one_edition(site)
        assert live.site().root() or nth
        go(FIRST | {path: None for path in SECOND.keys() - FIRST.keys()})
        assert_the_tree_is_one_edition(site)
    assert nth > 1


def test_what_must_go_first_is_gone_before_anything_else_changes(site, monkeypatch):
    go(FIRST)
    seen = []
    real = live._bring_about
    monkeypatch.setattr(live, "_bring_about", lambda here, changes: (
        real(here, changes), seen.append([c.path for c in changes])))  # fmt: skip
    go(SECOND, remove_first=["harbour/old/index.html", "not/there.html"])

    assert seen[0] == ["harbour/old/index.html"]
    assert [e.number for e in Edition.objects.all()] == [3, 2, 1]


def test_pages_come_after_their_assets_and_fronts_after_stories(site):
    order = sorted([*FIRST, "feed.xml", "media/quay.webp"], key=live.rank)

    assert order == ["assets/a.css", "media/quay.webp", "harbour/moved/index.html",
                     "harbour/old/index.html", "harbour/index.html", "feed", "index.html",
                     "feed.xml"]  # fmt: skip


def test_a_tree_from_before_the_first_edition_is_swept(site):
    (site / "old").mkdir(parents=True)
    (site / "old/index.html").write_bytes(b"of another time")
    go(FIRST)

    assert_the_tree_is_one_edition(site)


@pytest.mark.parametrize("path", ["../x.html", "/x.html", "a//b.html", ".well-known/tamizdat/x"])
def test_no_file_stands_outside_the_tree_or_in_our_corner_of_it(site, path):
    with pytest.raises(OutsideTheTree):
        go({path: b"x"})
    assert not Edition.objects.exists()


def test_what_was_compressed_in_haste_is_polished_where_it_stands(site):
    page = random.Random(3).randbytes(500).hex().encode() * 40  # which the haste shows on
    go({"index.html": page, "copy/index.html": page})
    quick = (site / "index.html.br").stat().st_size

    assert live.polish(10) == 1
    assert live.polish(10) == 0
    for folder in (site, site / "copy"):
        assert (folder / "index.html.br").stat().st_size < quick
    assert_the_tree_is_one_edition(site)


def test_the_sequence_never_goes_back_whatever_was_lost(site):
    go(FIRST)
    Edition.objects.all().delete()
    assert go({}).number == 2
    live.site().tree.beside("edition.json").unlink()
    assert go(FIRST).number == 3


def test_a_new_signature_is_no_new_edition(site):
    go(FIRST)
    live.renew(now=NOON.replace(day=23))
    pointer = live.site().pointer()

    assert pointer.sequence == 1
    assert pointer.issued.startswith("2026-11-23")
    assert Edition.objects.count() == 1
