"""The index that a reader's browser searches by itself: made of what is live, in spare time.

It comes in *volumes* of some two thousand pages each, in the order in which the pages came to us:
the indexer takes a quarter of a megabyte of memory for a page, and a new story is in the last
volume alone. A volume holds the words of its pages. So when a page is taken away its volume goes
with it, at once, and is made anew.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path

import pagefind_bin
from django.db import transaction

from tamizdat.editions import live, rows, settling, taking_in, targets
from tamizdat.editions.models import Baked, Claim
from tamizdat.editions.objects import Objects
from tamizdat.editions.targets import Begets, Encloses, File, Product, target

IN_A_VOLUME = 2_000
SEARCHED = "#main>article"  # what is searched of a page
_STORY = re.compile(rb"<article>.*?<h1>", re.DOTALL)  # a page that has none is not searched
LEFT_OUT = ".ask,.share"
PAUSE = timedelta(minutes=5)  # between two looks
_OURS = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")  # the rest are its own looks
_KINDS = (".pagefind", ".pf_fragment", ".pf_index", ".pf_meta")
_MADE_OF = "made-of"  # a digest of what a volume was made of
_LOOKED = "looked"

Pages = dict[str, str]  # path in the tree → hash


@target(in_passing=True)
def search_index() -> Iterator[Product]:
    """Says which volumes there are, the newest first."""
    entries = _folder().glob("*/pagefind-entry.json")
    numbers = sorted((int(each.parent.name) for each in entries), reverse=True)
    yield File("pagefind/volumes.json", json.dumps(numbers).encode())
    for number in numbers:
        yield Begets(("search_volume", number))


@target(in_passing=True)
def search_volume(number: int) -> Iterator[Product]:
    folder = _folder() / str(number)
    for file in sorted(folder.rglob("*")):
        path = f"pagefind/{number}/{file.relative_to(folder).as_posix()}"
        if file.suffix == ".js":
            yield File(path, file.read_bytes())
        elif file.is_file() and file.name != _MADE_OF:
            yield Encloses(path, partial(Path, file))


def keep_up(*, now: datetime) -> list[int]:
    """Make the volumes anew in which something has changed, unless we looked a moment ago."""
    looked = _folder() / _LOOKED
    if looked.exists() and now < datetime.fromisoformat(looked.read_text()) + PAUSE:
        return []
    made = make(now=now)
    looked.parent.mkdir(parents=True, exist_ok=True)
    looked.write_text(now.isoformat())
    return made


def make(*, now: datetime) -> list[int]:
    """Make anew what has changed; the numbers of the volumes. The worker's next round shows them.

    Nothing is made while readers have an older edition. Interrupted, whole volumes stay. Raises
    CalledProcessError where the indexer fails.
    """
    if live.site().tree.beside(settling.HELD).exists():
        return []
    wanted = _volumes()
    there = [int(each.name) for each in _folder().glob("[0-9]*")]
    dropped = [number for number in there if number not in wanted]
    # What is missing was taken away for a page of it: its other pages are not found meanwhile.
    turns = sorted(wanted, key=lambda number: (number in there, number))
    outdated = (number for number in turns if _is_outdated(number, wanted[number]))
    made = [number for number in outdated if _make(number, wanted[number], now=now)]
    for number in dropped:
        shutil.rmtree(_folder() / str(number))
    if made or dropped:
        taking_in.outdate([("search_index",)], now=now, why="the search index was made anew")
    return made


def forget(hidden: Collection[int], *, now: datetime) -> set[int]:
    """Let go of the volumes that hold pages of these targets; the targets of the volumes.

    Inside the baker's lock.
    """
    keys = [targets.key_of(key) for (key,) in rows.get(Baked, "id", hidden, "key")]
    numbers = {key[1] // IN_A_VOLUME for key in keys if key[0] == "page"}
    for number in numbers:
        for folder in (_folder() / str(number), _draft(number)):
            shutil.rmtree(folder, ignore_errors=True)
    if numbers:
        (_folder() / _LOOKED).unlink(missing_ok=True)
        taking_in.outdate([("search_index",)], now=now, why="something was taken away")
    return {targets.number(("search_volume", number)) for number in numbers}


def _volumes() -> dict[int, Pages]:
    """What should be in each volume: the pages that are claimed, live or about to be."""
    found: dict[int, Pages] = {}
    keys = dict(Baked.objects.filter(key__startswith="page(").values_list("id", "key"))
    claims = Claim.objects.filter(rank=targets.PAGE, path__endswith=".html").exclude(hash="")
    for number, path, digest in claims.values_list("target_id", "path", "hash"):
        if number in keys:
            volume = targets.key_of(keys[number])[1] // IN_A_VOLUME
            found.setdefault(volume, {})[path] = digest
    return found


def _is_outdated(number: int, pages: Pages) -> bool:
    file = _folder() / str(number) / _MADE_OF
    return not file.exists() or file.read_text() != _digest(pages)


def _make(number: int, pages: Pages, *, now: datetime) -> bool:
    """False if one of the pages was taken away meanwhile: what was made may hold its words.

    It is made of the very contents that it is stamped with: the tree may be behind what is
    claimed. False too if one of those was lost, until it is mended.
    """
    draft, site = _draft(number), live.site()
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _copy(pages, site.objects, draft / "pages")
    except FileNotFoundError:
        return False
    _index(draft / "pages", draft / "index")
    with site.tree.lock("bake"), transaction.atomic():
        if not draft.exists() or not _are_live(pages):
            return False
        (draft / "index" / _MADE_OF).write_text(_digest(pages))
        volume = _folder() / str(number)
        shutil.rmtree(volume, ignore_errors=True)
        volume.parent.mkdir(parents=True, exist_ok=True)
        (draft / "index").rename(volume)
        key = ("search_volume", number)
        taking_in.outdate([key], now=now, why="the search index was made anew")
    shutil.rmtree(draft)
    return True


def _are_live(pages: Pages) -> bool:
    claims = rows.get(Claim, "path", pages, "path", "rank")
    return pages.keys() <= {path for path, rank in claims if rank == targets.PAGE}


def _copy(pages: Mapping[str, str], objects: Objects, to: Path) -> None:
    to.mkdir(parents=True)
    for path, name in pages.items():
        if _STORY.search(objects.read(name)):
            copy = to / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            os.link(objects.file(name), copy)


def _index(pages: Path, to: Path) -> None:
    to.mkdir()
    if not any(pages.iterdir()):  # the indexer takes nothing for an error
        return
    indexer = [pagefind_bin.get_executable(), "--silent", "--site", pages, "--output-path", to]
    options = ["--root-selector", SEARCHED, "--exclude-selectors", LEFT_OUT]
    polite = ["nice", "-n", "19"] if os.name == "posix" else []
    subprocess.run([*polite, *indexer, *options], check=True, capture_output=True)  # noqa: S603 ours
    for file in [each for each in to.rglob("*") if each.is_file()]:
        if file.name not in _OURS and file.suffix not in _KINDS:
            file.unlink()
    entry = to / "pagefind-entry.json"
    # It names the languages in an order of chance.
    entry.write_text(json.dumps(json.loads(entry.read_text()), sort_keys=True))


def _digest(pages: Pages) -> str:
    return blake2b(repr(sorted(pages.items())).encode(), digest_size=16).hexdigest()


def _folder() -> Path:
    return live.site().tree.beside("search")


def _draft(number: int) -> Path:
    return live.site().tree.beside("search-draft") / str(number)
