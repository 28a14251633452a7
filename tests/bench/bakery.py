"""wagtail-bakery on the same stories, from the same database, with plain templates."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench import watching
from tests.bench.archive import environ

ROOT = Path(__file__).parents[2]
# Without what they say they need: our own Wagtail and Django are newer than they know.
PACKAGES = "wagtail-bakery==0.8.0 django-bakery==0.13.5 fs==2.4.16 six appdirs setuptools<81 "
PACKAGES += "boto3 botocore jmespath s3transfer python-dateutil urllib3"


def compare(home: Path, *, uv: Path, runs: int) -> dict[str, Any] | None:
    """A bake of everything in one process, then of one story. None if it cannot be had or run."""
    folder, built = home.parent / "bakery-lib", home.parent / "bakery-site"
    shutil.rmtree(built, ignore_errors=True)
    env = environ(home) | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.plain.bakery.settings",
        "BENCH_BUILD_DIR": str(built),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]),
        "PYTHONWARNINGS": "ignore",
    }
    install = [uv, "pip", "install", "--quiet", "--no-deps", "--target", folder]
    command = [sys.executable, "-m", "tests.bench.plain.bakery.baking", runs]
    try:
        if not folder.exists():
            watching.run([*install, *PACKAGES.split()])
        baked = watching.run(command, env=env, cwd=ROOT)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"wagtail-bakery is not measured: {getattr(error, 'output', error)}\n")
        return None
    shutil.rmtree(built)
    found: dict[str, Any] = json.loads(baked.output.splitlines()[-1])
    return found | {"version": "0.8.0", "peak_mib": baked.peak_mib}
