"""What the laws are worth: guards are broken, one at a time, and the tests are to notice.

`make mutants WHICH=ENGINE` breaks the engine of the editions, `WHICH=MONEY` what guards the
money; without a word, both. Further words choose those whose meaning has one of them. It prints
what caught which, and ends badly if something survived.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console
from rich.table import Table

from tests.mutations import engine, money
from tests.mutations.breaking import Mutant, Suite, broken, catcher_of

SUITES = {"ENGINE": engine.SUITE, "MONEY": money.SUITE}
WORKERS = int(os.environ.get("WORKERS", "2"))


def chosen(words: Sequence[str]) -> Iterator[tuple[Mutant, Suite]]:
    names = [word for word in words if word in SUITES] or list(SUITES)
    wanted = [word for word in words if word not in SUITES]
    for name in names:
        for mutant in SUITES[name].mutants:
            if not wanted or any(word in mutant.means for word in wanted):
                yield mutant, SUITES[name]


def judged(mutant: Mutant, suite: Suite) -> str:
    """Which test caught it, said as soon as it is known."""
    test = catcher_of(mutant, suite)
    print(f"{mutant.means} {test or 'NOBODY'}", flush=True)
    return test


def main(words: Sequence[str]) -> int:
    todo = list(chosen(words))
    if not todo:
        sys.exit(f"nothing is called {' '.join(words)}")
    for mutant, _ in todo:
        broken(mutant)  # says so now, not after half an hour
    table = Table("broken", "in", "caught by", box=None)
    survived = 0
    with ThreadPoolExecutor(WORKERS) as pool:
        for (mutant, suite), test in zip(
            todo, pool.map(lambda each: judged(*each), todo), strict=True
        ):
            survived += not test
            by = "the law" if test.startswith(tuple(suite.law)) else test or "NOBODY"
            table.add_row(mutant.means, mutant.file, by)
    Console().print(table)
    return min(survived, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
