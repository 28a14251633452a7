import gzip
import os
import threading

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.editions.tree import OutsideTheTree, Tree


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path / "site")


def whole(file):
    """What a reader of the plain file and of each of its companions gets."""
    plain = file.read_bytes() if file.exists() else None
    gz, br = file.with_name(file.name + ".gz"), file.with_name(file.name + ".br")
    return {
        plain,
        *([gzip.decompress(gz.read_bytes())] if gz.exists() else []),
        *([brotli.decompress(br.read_bytes())] if br.exists() else []),
    }


def test_a_page_stands_with_both_its_compressed_forms(tree):
    assert tree.put("a/index.html", b"hello")

    assert sorted(p.name for p in (tree.root / "a").iterdir()) == [
        "index.html",
        "index.html.br",
        "index.html.gz",
    ]
    assert whole(tree.root / "a/index.html") == {b"hello"}


def test_the_same_bytes_are_not_written_again(tree):
    tree.put("index.html", b"hello")
    before = (tree.root / "index.html").stat().st_mtime_ns

    assert not tree.put("index.html", b"hello")
    assert (tree.root / "index.html").stat().st_mtime_ns == before


def test_a_lost_companion_comes_back(tree):
    tree.put("index.html", b"hello")
    (tree.root / "index.html.gz").unlink()

    assert tree.put("index.html", b"hello")
    assert (tree.root / "index.html.gz").exists()


class PowerCut(BaseException):
    pass


STEPS = [("fsync", 3), ("replace", 3), ("unlink", 5)]


@pytest.mark.parametrize(("call", "nth"), [(c, n + 1) for c, times in STEPS for n in range(times)])
def test_a_crash_at_any_step_leaves_whole_files_and_the_next_bake_heals(
    tree, monkeypatch, call, nth
):
    tree.put("index.html", b"old")
    left = [nth]

    def cut(real, *args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            raise PowerCut
        return real(*args, **kwargs)

    real = getattr(os, call)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, lambda *a, **k: cut(real, *a, **k))
        with pytest.raises(PowerCut):
            tree.put("index.html", b"new")

    assert whole(tree.root / "index.html") in ({b"old"}, {b"new"})
    tree.put("index.html", b"new")
    tree.keep_only({"index.html"})
    assert whole(tree.root / "index.html") == {b"new"}
    assert len(list(tree.root.rglob("*"))) == 3


def test_what_is_not_claimed_goes_with_its_companions_and_its_empty_folder(tree):
    tree.put("kept/index.html", b"1")
    tree.put("old/deep/index.html", b"2")

    assert tree.keep_only({"kept/index.html"}) == 1
    assert [p.name for p in tree.root.iterdir()] == ["kept"]


def test_a_picture_is_the_same_file_not_a_second_one(tree, tmp_path):
    source = tmp_path / "quay.webp"
    source.write_bytes(b"pixels")

    assert tree.link("media/quay.webp", source)
    assert (tree.root / "media/quay.webp").samefile(source)
    assert not tree.link("media/quay.webp", source)


def test_a_replaced_picture_is_linked_anew(tree, tmp_path):
    source = tmp_path / "quay.webp"
    source.write_bytes(b"pixels")
    tree.link("media/quay.webp", source)
    source.unlink()
    source.write_bytes(b"others")

    assert tree.link("media/quay.webp", source)
    assert (tree.root / "media/quay.webp").read_bytes() == b"others"


def test_where_links_are_refused_the_picture_is_copied(tree, tmp_path, monkeypatch):
    source = tmp_path / "quay.webp"
    source.write_bytes(b"pixels")

    def refuse(*_):
        raise OSError("another file system")

    monkeypatch.setattr(os, "link", refuse)
    tree.link("media/quay.webp", source)
    assert (tree.root / "media/quay.webp").read_bytes() == b"pixels"


def test_a_folder_may_become_a_file_and_a_file_a_folder(tree):
    tree.put("a/b/index.html", b"1")
    tree.put("a/b", b"2")
    assert (tree.root / "a/b").read_bytes() == b"2"
    tree.put("a/b/index.html", b"3")
    assert (tree.root / "a/b/index.html").read_bytes() == b"3"


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "", "a//b", "x\0", "é" * 200])
def test_nothing_is_written_outside_the_tree(tree, path):
    with pytest.raises(OutsideTheTree):
        tree.put(path, b"")


@given(parts=st.lists(st.text(max_size=5), max_size=4))
def test_any_text_is_a_path_inside_the_tree_or_refused(tmp_path_factory, parts):
    tree = Tree(tmp_path_factory.getbasetemp())
    try:
        file = tree.locate("/".join(parts))
    except OutsideTheTree:
        return
    assert os.path.normpath(file).startswith(f"{tree.root}{os.sep}")


def test_the_second_of_two_bakes_waits(tree):
    order = []

    def second():
        with tree.lock("bake"):
            order.append("second")

    with tree.lock("bake"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
