"""What the law of the editions is worth: parts of the engine are broken, one at a time.

`make mutants` breaks each in a copy of the tree and runs the law, then the other tests of the
editions, until one fails. It prints what caught which, and ends badly if something survived.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
LAW = "tests/editions/test_law.py"
EXAMPLES = "15"  # of the law, ten steps each
SEED = "3"  # the same run of the law whenever it is asked
WORKERS = int(os.environ.get("WORKERS", "2"))
NOT_COPIED = (".*", "var", "dist", "__pycache__")


class Mutant(NamedTuple):
    file: str  # of tamizdat/
    text: str  # stands in it once
    becomes: str
    means: str


class NotFound(Exception):
    """The text to be broken is not in the file, or more than once: the list is out of date."""


MUTANTS = [
    Mutant(
        "editions/taking_in.py",
        "if fact.digest != bytes(was[0]):",
        "if False:",
        "The digest of a fact is not compared.",
    ),
    Mutant(
        "editions/taking_in.py",
        "suspects = {n: readers[n] for n in facts if n not in self.asked}",
        "suspects = {}",
        "What a changed fact means to other facts is not followed.",
    ),
    Mutant(
        "editions/taking_in.py",
        'suspects |= dict.fromkeys(due, "the clock")',
        "pass",
        "What changes by itself is not asked again.",
    ),
    Mutant(
        "editions/taking_in.py",
        "        _outdate_unborn(tokens, now=now)\n",
        "",
        "What is new is not baked.",
    ),
    Mutant(
        "editions/tracing.py",
        "value, digest, tuple(recorder.tokens), tuple(recorder.reads), recorder.valid_until",
        "value, digest, tuple(recorder.tokens), (), recorder.valid_until",
        "What a fact has read is not noted.",
    ),
    Mutant(
        "editions/oven.py",
        "blake2b(repr((cell.tokens, reads, cell.valid_until)).encode(), digest_size=16)",
        "blake2b(digest_size=16)",
        "A fact that is what it was, but for another reason, keeps its old trace.",
    ),
    Mutant(
        "editions/keeping.py",
        "values = [(f.number, f.text, f.digest, f.trace, f.valid_until) for f in facts]",
        "values = [(f.number, f.text, f.digest, f.trace, None) for f in facts]",
        "The moment at which a page changes by itself is not kept.",
    ),
    Mutant(
        "editions/keeping.py",
        'rows.insert(Begotten, ("target_id", "by_id"), pairs)',
        "pass",
        "Who begets whom is not kept.",
    ),
    Mutant(
        "editions/keeping.py",
        "left = dropped - kept - {target for target, _by in now}",
        "left = set()",
        "What nobody begets any more stays.",
    ),
    Mutant(
        "editions/keeping.py",
        "elif stale.intersection(loaf.reads):",
        "elif False:",
        "A page of what has changed while it was made is kept.",
    ),
    Mutant(
        "editions/keeping.py",
        "stale |= {f.number for f in new if EVERYTHING in told or not told.isdisjoint(f.tokens)}",
        "pass",
        "Of a new fact nobody asks whether it changed while the page was made.",
    ),
    Mutant(
        "editions/claiming.py",
        "stale = {path for path in paths if before.get(path) != after.get(path)}",
        "stale = {path for path in after if before.get(path) != after.get(path)}",
        "A file that nobody claims any more stays in the tree.",
    ),
    Mutant(
        "editions/claiming.py",
        'Q(rank__lt=OuterRef("rank"))',
        'Q(rank__gt=OuterRef("rank"))',
        "A redirect is kept where a page has come back.",
    ),
    Mutant(
        "editions/baking.py",
        "hid = _take_away_what_is_hidden(now=now)",
        "hid = False",
        "What nobody may read any more is taken away last.",
    ),
    Mutant(
        "editions/settling.py",
        "lost = _lost_paths()",
        "lost = set()",
        "What the disk has lost is not baked again.",
    ),
    Mutant(
        "editions/watching.py",
        '_EVENTS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}',
        '_EVENTS = {"insert": ("NEW",), "update": ("OLD", "NEW")}',
        "The database does not tell of rows that go.",
    ),
    Mutant(
        "editions/watching.py",
        '"update": ("OLD", "NEW")',
        '"update": ("NEW",)',
        "The database does not tell where a row was before.",
    ),
    Mutant(
        "theme/watched.py",
        '_LISTED = ["path", "live", ',
        '_LISTED = ["path", ',
        "A list is not told that a story came or went without a move.",
    ),
    Mutant(
        "theme/watched.py",
        '    "url_path",\n',
        "",
        "A page is not told that its address changed with that of its section.",
    ),
    Mutant(
        "theme/watched.py",
        'Watched("wagtailcore_pageviewrestriction", selects=[below], ',
        'Watched("wagtailcore_pageviewrestriction", ["\'page:\' || {row}.page_id"], ',
        "What stands below a page is not told that it is private.",
    ),
    Mutant(
        "theme/facts/lists.py",
        "        watch(archive.token)\n",
        '        watch(f"page:{pk}")\n',
        "A list watches itself and not its stories.",
    ),
    Mutant(
        "theme/facts/places.py",
        "    watch(f\"says:{str(row['translation_key']).replace('-', '')}\")\n",
        "",
        "A page does not watch for its translations.",
    ),
]


def broken(mutant: Mutant) -> str:
    """The file as it is when broken. Raises NotFound."""
    whole = (ROOT / "tamizdat" / mutant.file).read_text()
    if whole.count(mutant.text) != 1:
        raise NotFound(f"{mutant.file} holds {whole.count(mutant.text)} times: {mutant.text}")
    return whole.replace(mutant.text, mutant.becomes)


def catcher_of(mutant: Mutant) -> str:
    """The first test that fails when this is broken; empty if none does."""
    with tempfile.TemporaryDirectory(prefix="tamizdat-mutant-") as folder:
        copy = Path(folder, "tree")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        (copy / "tamizdat" / mutant.file).write_text(broken(mutant))
        others = sorted(set(copy.glob("tests/editions/test_*.py")) - {copy / LAW})
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-qx", "-m", "not journey", "-p", "no:cacheprovider",
             f"--hypothesis-seed={SEED}", LAW, *others],
            cwd=copy,
            env=os.environ | {"LAW_EXAMPLES": EXAMPLES, "PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
        )  # fmt: skip
    if done.returncode == 0:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return failed[1] if failed else done.stdout[-2000:] + done.stderr[-2000:]


def judged(mutant: Mutant) -> str:
    """The same, said as soon as it is known."""
    test = catcher_of(mutant)
    print(f"{mutant.means} {test or 'NOBODY'}", flush=True)
    return test


def chosen(words: list[str]) -> Iterator[Mutant]:
    """Those that mean what one of these words says; all, without words."""
    return (each for each in MUTANTS if not words or any(w in each.means for w in words))


def main(words: list[str]) -> int:
    console = Console()
    mutants = list(chosen(words))
    for mutant in mutants:
        broken(mutant)  # says so now, not after half an hour
    table = Table("broken", "in", "caught by", box=None)
    survived = 0
    with ThreadPoolExecutor(WORKERS) as pool:
        for mutant, test in zip(mutants, pool.map(judged, mutants), strict=True):
            survived += not test
            by = "the law" if test.startswith(LAW) else test or "NOBODY"
            table.add_row(mutant.means, mutant.file, by)
    console.print(table)
    return min(survived, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
