"""Making the folder that is a newsroom: its settings, its keys, its database."""

import argparse
import base64
import os
import secrets
import tomllib
from collections.abc import Sequence
from pathlib import Path

from django.core.management import execute_from_command_line

from tamizdat.lib.env import BadSetting
from tamizdat.lib.languages import language_name

SETTINGS = """\
# The settings of this newsroom. Each is explained in docs/operating.md.
# Any of them can also come from the environment: site.address is TAMIZDAT_SITE_ADDRESS.

[outlet]
languages = {languages}  # the first is the one without a prefix in its addresses
timezone = "UTC"

[site]
address = "http://localhost:8000"

[demo_bank]  # takes no real money
address = "http://localhost:8001"
"""
NEXT = """
Next, in {folder}:
  tamizdat createsuperuser   makes you an account for the desk
  tamizdat serve             the site at http://localhost:8000, the desk under /desk/
  tamizdat doctor            what is missing before readers come"""
PRIVATE = ("secrets", "mail")  # mails to readers stand in the clear while no server is set
KEYS = ("django", "vault", "index", "demo_bank")


def init(arguments: Sequence[str]) -> None:
    """Make a newsroom in a new or empty folder, its database included.

    Raises BadSetting if the folder holds something else, or a newsroom in other languages.
    """
    parser = argparse.ArgumentParser(
        prog="tamizdat init", description="Make a newsroom in a folder."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--languages", nargs="+", metavar="CODE", help="en if none")
    options = parser.parse_args(arguments)
    if options.languages:
        _refuse_others(options.languages, settings=options.folder / "tamizdat.toml")
    write_folder(options.folder, languages=options.languages or ["en"])
    os.environ["TAMIZDAT_HOME"] = str(options.folder)
    execute_from_command_line(["tamizdat", "migrate", "--verbosity", "0"])
    for command in ("newsroom", "bake"):
        execute_from_command_line(["tamizdat", command])
    print(NEXT.format(folder=options.folder))


def write_folder(folder: Path, *, languages: list[str]) -> None:
    """Write settings and keys that are not there yet; what is there is never touched.

    Raises BadSetting, with nothing written, for a code that is no language's.
    """
    for code in languages:
        language_name(code)
    settings = folder / "tamizdat.toml"
    if not settings.exists():
        if folder.exists() and any(folder.iterdir()):
            raise BadSetting(
                f"{folder} is not empty and holds no tamizdat.toml. Name a new folder."
            )
        folder.mkdir(parents=True, exist_ok=True)
        settings.write_text(SETTINGS.format(languages=str(languages).replace("'", '"')))
        if "TAMIZDAT_DATABASE_URL" not in os.environ:
            # SQLite gives what it writes beside this file the same mode.
            os.close(os.open(folder / "db.sqlite3", os.O_WRONLY | os.O_CREAT, 0o600))
    for name in PRIVATE:
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    for name in KEYS:
        _write_key(folder / "secrets" / f"{name}.key")


def _refuse_others(languages: list[str], *, settings: Path) -> None:
    if not settings.exists():
        return
    known = tomllib.loads(settings.read_text()).get("outlet", {}).get("languages")
    if languages != known:
        raise BadSetting(
            f"{settings.parent} is a newsroom already. Change languages under [outlet] in "
            f"{settings}, then run `tamizdat newsroom` there."
        )


def _write_key(path: Path) -> None:
    if path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode() + "\n")
