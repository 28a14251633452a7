import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.editions import manifest as module
from tamizdat.editions.manifest import Entry, Manifest
from tamizdat.editions.objects import Objects

PATHS = st.sampled_from([f"story-{n}/index.html" for n in range(40)])
ENTRIES = st.one_of(
    st.builds(Entry.file, st.sampled_from(["a" * 64, "b" * 64]), size=st.integers(1, 9),
              content_type=st.just("text/html")),
    st.builds(Entry.redirect, st.sampled_from([301, 302]), st.just("/новое/")),
    st.just(Entry.gone()),
)  # fmt: skip
CHANGES = st.dictionaries(PATHS, st.none() | ENTRIES)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    return Manifest(Objects(tmp_path_factory.mktemp("objects")))


@pytest.fixture(autouse=True)
def small_leaves(monkeypatch):
    monkeypatch.setattr(module, "LEAF", 3)


def applied(*steps):
    known = {}
    for step in steps:
        known |= step
    return {path: entry for path, entry in known.items() if entry}


@given(steps=st.lists(CHANGES, max_size=5))
def test_the_root_depends_on_what_is_there_not_on_how_it_came(manifest, steps):
    root = manifest.update(None, {})
    for step in steps:
        root = manifest.update(root, step)

    assert root == manifest.update(None, applied(*steps))
    assert dict(manifest.entries(root)) == applied(*steps)


@given(before=CHANGES, after=CHANGES)
def test_the_difference_leads_from_one_to_the_other(manifest, before, after):
    old, new = manifest.update(None, applied(before)), manifest.update(None, applied(after))
    changes = list(manifest.diff(old, new))

    assert manifest.update(old, {c.path: c.after for c in changes}) == new
    assert all(manifest.get(old, c.path) == c.before != c.after for c in changes)


@given(before=CHANGES, changes=CHANGES)
def test_the_new_nodes_are_all_that_a_mirror_lacks(manifest, before, changes):
    old = manifest.update(None, before)
    new = manifest.update(old, changes)
    had, needs = set(manifest.nodes(old)), set(manifest.nodes(new))

    assert needs - had <= set(manifest.nodes(new, beyond=old)) <= needs


@given(changes=CHANGES)
def test_the_totals_count_files_and_their_bytes(manifest, changes):
    totals = manifest.totals(manifest.update(None, changes))
    files = [entry for entry in applied(changes).values() if entry.hash]

    assert totals.entries == len(applied(changes))
    assert (totals.files, totals.size_bytes) == (len(files), sum(e.size for e in files))


def test_one_story_rewrites_a_few_kilobytes_of_a_large_archive(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LEAF", 64)
    manifest = Manifest(Objects(tmp_path))
    page = Entry.file("a" * 64, size=9000, content_type="text/html; charset=utf-8")
    old = manifest.update(None, {f"section/story-{n}/index.html": page for n in range(5000)})
    new = manifest.update(old, {"section/new/index.html": page})

    rewritten = [manifest.objects.read(node) for node in manifest.nodes(new, beyond=old)]
    assert sum(map(len, rewritten)) < 16_000
    assert len(list(manifest.diff(old, new))) == 1
