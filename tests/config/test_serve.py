"""`tamizdat serve` as an operator runs it: real processes on a real port."""

import shutil
import signal
import socket
import subprocess

import httpx
import pytest

from tamizdat.config.management.commands.serve import greeting
from tamizdat.editions.tree import Tree
from tests.config.webservers import tamizdat
from tests.editions.conftest import put
from tests.patience import until
from tests.ports import free_port
from tests.processes import of_newsroom


@pytest.fixture
def home(founded, tmp_path):
    home = shutil.copytree(founded, tmp_path / "paper")
    put(Tree(home / "site"), "index.html", b"<p>front")
    return home


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def serve(home, port):
    """Start serving; ended for certain when the test is over."""
    started = []

    def start(*arguments):
        words = ["serve", "--port", str(port), *arguments]
        command, environ = tamizdat(home, *words, port=port)
        process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def fetch(port, path="/"):
    """Wait until the server answers."""

    def look():
        try:
            return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=20)
        except httpx.TransportError:
            return None

    return until(look, what=path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_works_and_stops_with_everything_it_started(home, port, serve, number):
    process = serve()
    answer = fetch(port)
    assert answer.status_code == 200
    assert len(of_newsroom(home)) >= 3  # itself, the server and its worker, the chores

    process.send_signal(number)
    assert process.wait(30) == 0
    assert of_newsroom(home) == []


def test_when_it_is_killed_what_it_started_ends_as_well(home, port, serve):
    process = serve("--zone", "site")
    fetch(port)
    process.kill()
    process.wait()

    until(lambda: not of_newsroom(home) or None, what="their end")


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


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("http://localhost:8000", True),
        ("http://localhost:9200", False),
        ("https://news.example", False),  # a web server stands before it
    ],
)
def test_a_port_to_which_no_link_leads_is_told(settings, address, is_told):
    settings.SITE_ADDRESS = address

    assert ("set site.address" in greeting("all", "127.0.0.1", 9200)) is is_told
