"""`tamizdat serve` beside nginx: one baked story, the same files, one server after the other."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.bench.archive import environ
from tests.editions.nginx import CONFIGURATION, NGINX
from tests.patience import page_at
from tests.ports import free_port

SECONDS = 8
CONNECTIONS = 16


def compare(home: Path, path: str) -> dict[str, dict[str, float]] | None:
    """For each server the requests per second and the CPU of one; None without wrk or nginx."""
    if not NGINX or not shutil.which("wrk"):
        return None
    ours = [sys.executable, "-m", "tamizdat.config.command", "serve", "--zone", "site", "--port"]
    found = {}
    for name, make in {"nginx": lambda port: _nginx(home, port), "tamizdat": ours.__add__}.items():
        port = free_port()
        command = make([str(port)] if name == "tamizdat" else port)
        with _running(command, home=home, port=port) as server:
            found[name] = _load(server, f"http://127.0.0.1:{port}{path}")
    return found


def _nginx(home: Path, port: int) -> list[str]:
    file = home / "nginx.conf"
    # Its workers would run as nobody, who may not read our temporary folder.
    text = CONFIGURATION.format(folder=home, port=port, root=home / "site")
    file.write_text(f"user root;\n{text}")
    return [str(NGINX), "-c", str(file)]


@contextmanager
def _running(command: Sequence[str], *, home: Path, port: int) -> Iterator[psutil.Process]:
    process = subprocess.Popen(command, env=environ(home), stderr=subprocess.DEVNULL)
    try:
        page_at(f"http://127.0.0.1:{port}/", alive=lambda: process.poll() is None)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _load(server: psutil.Process, address: str) -> dict[str, float]:
    """One thread asks over a few kept connections, as a browser that takes gzip."""
    before = _cpu_seconds(server)
    asked = [f"-c{CONNECTIONS}", "-t1", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip", address]
    said = subprocess.run(["wrk", *asked], capture_output=True, text=True, check=True).stdout
    spent = _cpu_seconds(server) - before
    assert "Non-2xx" not in said, said
    requests = int(re.findall(r"(\d+) requests in", said)[0])
    return {"per_second": requests / SECONDS, "cpu_microseconds": 1e6 * spent / requests}


def _cpu_seconds(server: psutil.Process) -> float:
    family = [server, *server.children(recursive=True)]
    times = [process.cpu_times() for process in family]
    return sum(each.user + each.system for each in times)
