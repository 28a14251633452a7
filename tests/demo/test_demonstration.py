"""`tamizdat demo` as a person runs it: a real process, and what it leaves behind."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import httpx
import pytest

from tamizdat.config import demonstration
from tamizdat.lib.env import BadSetting
from tests.patience import until
from tests.ports import two_free_ports
from tests.processes import of_newsroom

PATIENCE = 90


def demo(home, port, *options):
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT", "DJANGO"))}
    command = [sys.executable, "-m", "tamizdat.config.command", "demo"]
    command += ["--home", str(home), "--port", str(port), *options]
    with said(home).open("wb") as log:
        return subprocess.Popen(command, env=environ, stdout=log, stderr=subprocess.STDOUT)


def said(home):
    return home.with_suffix(".log")


@pytest.fixture(scope="module")
def home(founded, tmp_path_factory):
    """A newsroom whose demo was made before, so that only the running is tested."""
    return shutil.copytree(founded, tmp_path_factory.mktemp("demo") / "var")


@pytest.fixture
def port():
    return two_free_ports()


def answers(port, path):
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2).status_code
    except httpx.HTTPError:
        return None


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_the_site_the_desk_and_the_bank_and_leaves_no_orphan(home, port, number):
    (home / "demo-is-made").write_text(f"http://localhost:{port}")
    running = demo(home, port)
    try:
        lives = {"alive": lambda: running.poll() is None}
        until(lambda: answers(port, "/desk/login/") == 200 or None, what="the desk", **lives)
        until(lambda: answers(port + 1, "/") == 200 or None, what="the bank", **lives)
        assert of_newsroom(home)

        running.send_signal(number)

        assert running.wait(PATIENCE) == 0
    finally:
        running.kill()
    told = said(home).read_text()
    assert f"http://localhost:{port}/desk/" in told
    assert (home / "secrets" / "desk-password").read_text().strip() in told
    assert of_newsroom(home) == []


@pytest.mark.parametrize("taken", [0, 1])
def test_a_taken_port_is_named_before_any_work(tmp_path, port, taken):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + taken))
        other.listen()

        home = tmp_path / "var"
        refused = demo(home, port)

        assert refused.wait(PATIENCE) == 1
    told = said(home).read_text()
    assert f"Port {port + taken} is taken" in told
    assert "make demo PORT=" in told
    assert not home.exists()


def test_a_port_that_is_none_is_answered_with_one_that_is():
    with pytest.raises(BadSetting, match=r"Port 99999 .* PORT=8100"):
        demonstration.refuse_taken_ports(99999, 100_000)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path, port):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")

    refused = demo(folder, port)

    assert refused.wait(PATIENCE) == 1
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


def test_it_generates_an_archive_instead_and_stops(tmp_path, port):
    home = tmp_path / "var"
    filling = demo(home, port, "--stories", "4")
    try:
        assert filling.wait(3 * PATIENCE) == 0  # it migrates and draws pictures too
    finally:
        filling.kill()

    assert "4 stories." in said(home).read_text()
    with closing(sqlite3.connect(home / "db.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM stories_story").fetchone() == (4,)
