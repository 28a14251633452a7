"""Outside the repository: the built wheel in a new environment makes a newsroom and serves it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import page_at
from tests.ports import free_port

ROOT = Path(__file__).parent.parent
UV = Path(sys.executable).with_name("uv")


def outside() -> dict[str, str]:
    """The environment of someone who has no repository."""
    ours = ("TAMIZDAT_", "DJANGO_", "PYTEST_", "UV_PROJECT_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def run(*command: object, cwd: Path) -> str:
    finished = subprocess.run(
        list(map(str, command)), cwd=cwd, env=outside(), capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture
def tamizdat(tmp_path) -> Path:
    """The command, installed from the wheel."""
    uv = UV if UV.exists() else shutil.which("uv")
    run(uv, "build", "--quiet", "--wheel", "--out-dir", tmp_path, cwd=ROOT)
    run(uv, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv", cwd=tmp_path)
    wheel = next(tmp_path.glob("*.whl"))
    python = tmp_path / "venv/bin/python"
    run(uv, "pip", "install", "--quiet", "--python", python, wheel, cwd=tmp_path)
    return tmp_path / "venv/bin/tamizdat"


@pytest.mark.journey
def test_a_newsroom_is_installed_made_and_served(tamizdat, tmp_path):
    said = run(tamizdat, "init", "mynewsroom", "--languages", "ru", "en", cwd=tmp_path)
    assert "tamizdat createsuperuser" in said
    folder = tmp_path / "mynewsroom"
    port = str(free_port())

    serving = subprocess.Popen([tamizdat, "serve", "--port", port], cwd=folder, env=outside())
    try:
        front = page_at(f"http://127.0.0.1:{port}/")
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(timeout=30)

    assert '<html lang="ru"' in front
    private = [folder / "secrets", *folder.glob("db.sqlite3*")]
    assert [file for file in private if file.stat().st_mode & 0o077] == []
    public = [folder, *(folder / "site").rglob("*")]
    assert [file for file in public if not file.stat().st_mode & 0o004] == []
