"""dj-stripe, in an environment of its own: it wants an older SDK of Stripe's than ours."""

import os
import subprocess
import sys
from pathlib import Path

from tamizdat.lib.env import Env
from tests.towns import ROOT

UV = ROOT / ".venv/bin/uv"
REQUIREMENTS = ROOT / "tests/bench/plain/djstripe/requirements.txt"


def python(folder: Path) -> str | None:
    """Its Python, or None (and why) where its packages cannot be had."""
    place = folder / "djstripe-venv"
    found = place / "bin/python"
    try:
        if not found.exists():
            _run([UV, "venv", "--quiet", "--python", sys.executable, place])
            _run([UV, "pip", "install", "--quiet", "--python", found, "-r", REQUIREMENTS])
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"dj-stripe is not measured: {error}\n")
        return None
    return str(found)


def environ(url: str) -> dict[str, str]:
    database = Env(file={}, environ={"TAMIZDAT_DATABASE_URL": url}, home=Path())
    where = database.database("database.url", sqlite=Path())
    return {
        "DJANGO_SETTINGS_MODULE": "tests.bench.plain.djstripe.settings",
        "BENCH_DATABASE": where["NAME"],
        "BENCH_DATABASE_HOST": where["OPTIONS"].get("host", where["HOST"]),
        "BENCH_DATABASE_USER": where["USER"],
    }


def _run(command: list[object]) -> None:
    subprocess.run(list(map(str, command)), check=True, env=os.environ)
