import gzip
import hashlib
import multiprocessing
import os
from pathlib import Path

import brotli
import pytest

from tamizdat.editions.objects import Objects

PAGE = b"<p>salt and fog" * 50


@pytest.fixture
def objects(tmp_path):
    return Objects(tmp_path / "objects")


def test_what_is_put_stands_under_its_hash_with_its_companions(objects):
    name = objects.put(PAGE, compress=True, best=False)
    file = objects.file(name)

    assert name == hashlib.sha256(PAGE).hexdigest()
    assert objects.read(name) == PAGE
    assert brotli.decompress(Path(f"{file}.br").read_bytes()) == PAGE
    assert gzip.decompress(Path(f"{file}.gz").read_bytes()) == PAGE


def test_what_is_there_is_not_written_again(objects):
    file = Path(objects.file(objects.put(PAGE, compress=True, best=False)))
    before = file.stat().st_mtime_ns
    objects.put(PAGE, compress=True, best=False)

    assert file.stat().st_mtime_ns == before


def test_what_was_put_without_companions_gets_them_when_they_are_asked_for(objects):
    name = objects.put(PAGE, compress=False, best=False)
    objects.put(PAGE, compress=True, best=False)

    assert os.path.exists(f"{objects.file(name)}.br")


def test_polishing_makes_companions_smaller_once(objects):
    name = objects.put(Path(__file__).read_bytes() * 3, compress=True, best=False)
    before = os.path.getsize(f"{objects.file(name)}.br")

    assert objects.polish(name)
    assert os.path.getsize(f"{objects.file(name)}.br") < before
    assert not objects.polish(name)


def test_what_was_stored_best_is_not_polished(objects):
    assert not objects.polish(objects.put(PAGE, compress=True, best=True))
    assert not objects.polish("0" * 64)


def test_a_picture_is_linked_and_known_again_unless_it_was_replaced(objects, tmp_path):
    picture = tmp_path / "quay.webp"
    picture.write_bytes(b"pixels")
    first = objects.add_file(picture)

    assert os.path.samefile(objects.file(first), picture)
    assert objects.add_file(picture) == first
    picture.unlink()
    picture.write_bytes(b"others")
    assert objects.read(objects.add_file(picture)) == b"others"


def _put_the_same(folder, start):
    objects = Objects(folder)
    start.wait()
    for number in range(50):
        objects.put(b"%d" % number * 1000, compress=True, best=False)


def test_two_processes_may_put_the_same_at_once(objects):
    start = multiprocessing.Barrier(2)
    two = [
        multiprocessing.Process(target=_put_the_same, args=(Path(objects.root), start))
        for _ in range(2)
    ]
    for process in two:
        process.start()
    for process in two:
        process.join()

    assert [process.exitcode for process in two] == [0, 0]
    assert len(list(objects.everything())) == 150
