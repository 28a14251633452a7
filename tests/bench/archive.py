"""Newsrooms to measure: a folder each, and the commands that make what is in it."""

import os
import subprocess
import sys
from pathlib import Path


def make(home: Path) -> None:
    """A new newsroom in a new folder, with a section for each language we measure."""
    tamizdat("init", home, "--languages", "en", "ru", home=home)


def tamizdat(*arguments: object, home: Path) -> None:
    command = [sys.executable, "-m", "tamizdat.config.command", *map(str, arguments)]
    subprocess.run(command, env=environ(home), check=True, stdout=sys.stderr)


def environ(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
    settings = {"DJANGO_SETTINGS_MODULE": "tamizdat.config.settings"}
    return kept | settings | {"TAMIZDAT_HOME": str(home)}
