"""`tamizdat serve` as an operator runs it: real processes on a real port."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tamizdat.editions.tree import Tree

PATIENCE_SECONDS = 90


def tamizdat(home, *arguments):
    environ = {**os.environ, "TAMIZDAT_HOME": str(home), "TAMIZDAT_DATABASE_URL": ""}
    environ["DJANGO_SETTINGS_MODULE"] = "tamizdat.config.settings"
    return [sys.executable, "-m", "tamizdat.config.command", *arguments], environ


@pytest.fixture
def home(tmp_path):
    command, environ = tamizdat(tmp_path / "paper", "init", str(tmp_path / "paper"))
    subprocess.run(command, env=environ, check=True, capture_output=True)
    tree = Tree(tmp_path / "paper/site")
    tree.put("index.html", b"<p>front")
    return tmp_path / "paper"


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve(home, port):
    """Start serving; ended for certain when the test is over."""
    started = []

    def start(*arguments):
        command, environ = tamizdat(home, "serve", "--port", str(port), *arguments)
        process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def fetch(port, path="/"):
    """Wait until the server answers."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=20)
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(path)


def processes_of(home):
    """The processes that serve or work for this newsroom."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environ = (folder / "environ").read_bytes().split(b"\0")
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if f"TAMIZDAT_HOME={home}".encode() in environ and state != "Z":
            found.append((folder / "cmdline").read_bytes())
    return found


def wait_until_none(home):
    until = time.monotonic() + 20
    while processes_of(home) and time.monotonic() < until:
        time.sleep(0.1)
    return processes_of(home)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_works_and_stops_with_everything_it_started(home, port, serve, number):
    process = serve()
    answer = fetch(port)
    assert answer.status_code == 200
    assert len(processes_of(home)) >= 3  # itself, the server and its worker, the chores

    process.send_signal(number)
    assert process.wait(30) == 0
    assert processes_of(home) == []


def test_when_it_is_killed_what_it_started_ends_as_well(home, port, serve):
    process = serve("--zone", "site")
    fetch(port)
    process.kill()
    process.wait()

    assert wait_until_none(home) == []


def test_the_site_zone_serves_files_and_nothing_else(home, port, serve):
    serve("--zone", "site")

    assert fetch(port).text == "<p>front"
    assert fetch(port, "/desk/login/").status_code == 404


def test_a_taken_port_is_one_clear_sentence(home, port, serve):
    with socket.create_server(("127.0.0.1", port)):
        process = serve()
        _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert said == (
        f"CommandError: Port {port} is taken: stop what uses it, or choose another with --port.\n"
    )
