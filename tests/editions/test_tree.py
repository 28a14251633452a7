import gzip
import os
import threading

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.editions.tree import OutsideTheTree, Tree
from tests.editions.conftest import put


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path / "site")


def test_a_page_stands_with_both_its_compressed_forms(tree):
    put(tree, "a/index.html", b"hello")
    page = tree.root / "a/index.html"

    assert page.read_bytes() == b"hello"
    assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == b"hello"
    assert brotli.decompress(page.with_name("index.html.br").read_bytes()) == b"hello"


def test_what_replaces_a_page_brings_its_own_companions_or_none(tree, tmp_path):
    put(tree, "index.html", b"hello")
    plain = tmp_path / "plain"
    plain.write_bytes(b"bare")
    tree.place("index.html", os.fspath(plain))

    assert [p.name for p in tree.root.glob("index*")] == ["index.html"]


def test_placing_the_same_again_leaves_nothing_half_done(tree):
    put(tree, "a.html", b"hello")
    put(tree, "a.html", b"hello")
    tree.tidy()

    assert sorted(p.name for p in tree.root.iterdir()) == ["a.html", "a.html.br", "a.html.gz"]


def test_what_is_removed_goes_with_its_companions_and_its_empty_folder(tree):
    put(tree, "kept/index.html", b"1")
    put(tree, "old/deep/index.html", b"2")
    tree.remove("old/deep/index.html")
    tree.tidy()

    assert [p.name for p in tree.root.iterdir()] == ["kept"]


def test_where_links_are_refused_the_file_is_copied(tree, tmp_path, monkeypatch):
    source = tmp_path / "quay.webp"
    source.write_bytes(b"pixels")

    def refuse(*_):
        raise PermissionError("another file system")

    monkeypatch.setattr(os, "link", refuse)
    tree.place("media/quay.webp", os.fspath(source))
    assert (tree.root / "media/quay.webp").read_bytes() == b"pixels"


def test_a_folder_may_become_a_file_and_a_file_a_folder(tree):
    put(tree, "a/b/index.html", b"1")
    put(tree, "a/b", b"2")
    assert (tree.root / "a/b").read_bytes() == b"2"
    put(tree, "a/b/index.html", b"3")
    assert (tree.root / "a/b/index.html").read_bytes() == b"3"


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "", "a//b", "x\0", "é" * 200])
def test_nothing_is_placed_outside_the_tree(tree, path):
    with pytest.raises(OutsideTheTree):
        put(tree, path, b"")


@given(parts=st.lists(st.text(max_size=5), max_size=4))
def test_any_text_is_a_path_inside_the_tree_or_refused(tmp_path_factory, parts):
    tree = Tree(tmp_path_factory.getbasetemp())
    try:
        file = tree.locate("/".join(parts))
    except OutsideTheTree:
        return
    assert os.path.normpath(file).startswith(f"{tree.root}{os.sep}")


def test_the_second_of_two_who_want_the_lock_waits(tree):
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
