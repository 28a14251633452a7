"""The lists of what to break are up to date."""

import pytest

from tests.mutations import engine, money
from tests.mutations.breaking import broken


@pytest.mark.parametrize("mutant", [*engine.MUTANTS, *money.MUTANTS], ids=lambda each: each.means)
def test_what_is_to_be_broken_is_there_once(mutant):
    compile(broken(mutant), mutant.file, "exec")
