"""Breaking a copy of the tree in one place, and seeing which test is the first to fail."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SEED = "3"  # the same run of a law whenever it is asked
NOT_COPIED = (".*", "var", "dist", "__pycache__")


class Mutant(NamedTuple):
    file: str  # of tamizdat/
    text: str  # stands in it once
    becomes: str
    means: str


@dataclass(frozen=True)
class Suite:
    """What is broken, and the tests that should notice: the law first, then the others."""

    law: Sequence[str]
    others: str  # patterns of files
    environ: Mapping[str, str]  # of the law
    mutants: Sequence[Mutant]

    def other_tests(self, tree: Path) -> Iterator[str]:
        for pattern in self.others.split():
            found = sorted(str(path.relative_to(tree)) for path in tree.glob(pattern))
            yield from (path for path in found if path not in self.law)


class NotFound(Exception):
    """The text to be broken is not in the file, or more than once: the list is out of date."""


def broken(mutant: Mutant) -> str:
    """The file as it is when broken. Raises NotFound."""
    whole = (ROOT / "tamizdat" / mutant.file).read_text()
    if whole.count(mutant.text) != 1:
        raise NotFound(f"{mutant.file} holds {whole.count(mutant.text)} times: {mutant.text}")
    return whole.replace(mutant.text, mutant.becomes)


def catcher_of(mutant: Mutant, suite: Suite) -> str:
    """The first test that fails when this is broken; empty if none does."""
    with tempfile.TemporaryDirectory(prefix="tamizdat-mutant-") as folder:
        copy = Path(folder, "tree")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        (copy / "tamizdat" / mutant.file).write_text(broken(mutant))
        by_law = _first_red(copy, suite.law, dict(suite.environ))
        return by_law or _first_red(copy, suite.other_tests(copy), {})


def _first_red(tree: Path, tests: Iterable[str], environ: Mapping[str, str]) -> str:
    """Its name; empty if all are green."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-qx", "-m", "not journey", "-p", "no:cacheprovider",
         f"--hypothesis-seed={SEED}", *tests],
        cwd=tree,
        env=os.environ | environ | {"PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
    )  # fmt: skip
    if done.returncode == 0:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return failed[1] if failed else done.stdout[-2000:] + done.stderr[-2000:]
