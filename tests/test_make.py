"""What `make` starts begins by itself: without pytest, and before Django is set up."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text()
STARTED = sorted(set(re.findall(r"python -m (tests\.[a-z.]+)", MAKEFILE)))
TARGETS = sorted(set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)))


@pytest.mark.parametrize("name", STARTED)
def test_a_command_can_be_imported_by_itself(name):
    is_folder = find_spec(name).submodule_search_locations
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", f"import {name}.__main__" if is_folder else f"import {name}"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_every_target_is_listed_and_is_no_file():
    phony = MAKEFILE.partition(".PHONY:")[2].partition("\n")[0].split()
    helped = re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE)
    assert sorted(phony) == sorted(helped) == TARGETS


def test_what_is_run_before_a_release_is_said_to_contributors():
    said = (ROOT / "CONTRIBUTING.md").read_text()
    deep = [name for name in TARGETS if name.startswith("bench-")] + ["law", "kill", "mutants"]
    assert [name for name in deep if f"`make {name}" not in said] == []
