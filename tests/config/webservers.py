"""A newsroom behind the real nginx, the real Caddy and our own server, each on a port of its own.

Each gets its configuration as an operator gets it: printed by `tamizdat serve --config`.
"""

import http.client
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.editions.nginx import BROTLI, NGINX
from tests.patience import until
from tests.ports import free_port

CADDY = shutil.which("caddy")
MISSING = {
    "nginx": "" if NGINX and BROTLI else "there is no nginx with brotli_static on this machine",
    "caddy": "" if CADDY else "there is no Caddy on this machine",
    "tamizdat": "",
}
MAIN = """\
{load} user root; daemon off; master_process off; pid {folder}/pid;
error_log {folder}/error.log warn;
events {{ }}
http {{
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/tamizdat.conf;
}}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    port: int
    log: Path  # all that it wrote
    sender: str = ""  # the address that we ask from, when it matters

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """`path` as it is, byte for byte: no client tidies it up."""
        source = (self.sender, 0) if self.sender else None
        connection = http.client.HTTPConnection(
            "localhost", self.port, timeout=30, source_address=source
        )
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            response = connection.getresponse()
            answered = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, answered, response.read())
        finally:
            connection.close()


def tamizdat(home: Path, *arguments: str, port: int) -> tuple[list[str], dict[str, str]]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
    environ = kept | {
        "DJANGO_SETTINGS_MODULE": "tamizdat.config.settings",
        "TAMIZDAT_HOME": str(home),
        "TAMIZDAT_SITE_ADDRESS": f"http://localhost:{port}",
    }
    return [sys.executable, "-m", "tamizdat.config.command", *arguments], environ


def printed(kind: str, home: Path, *, port: int, behind: int, **environ: str) -> str:
    """What `tamizdat serve --config` says for a site at `port`."""
    words = ["serve", "--config", kind, "--port", str(behind)]
    command, settings = tamizdat(home, *words, port=port)
    done = subprocess.run(
        command, env=settings | environ, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


@contextmanager
def started(kind: str, home: Path, folder: Path) -> Iterator[Server]:
    """The newsroom in `home` behind a server of this kind, ended for certain."""
    with ExitStack() as stack:
        port = free_port()
        behind = port if kind == "tamizdat" else free_port()
        words = ["serve", "--no-work", "--port", str(behind)]
        server = Server(port, folder / "error.log")
        stack.enter_context(_process(*tamizdat(home, *words, port=port), log=folder / "ours.log"))
        if kind != "tamizdat":
            text = printed(kind, home, port=port, behind=behind)
            command = {"nginx": nginx, "caddy": caddy}[kind](text, folder)
            stack.enter_context(running(command, folder))
        for each in {port, behind}:
            until(lambda each=each: _answers(Server(each, server.log)), what=f"port {each}")
        yield server


def nginx(text: str, folder: Path) -> list[str]:
    # What it logs goes to our folder, and where there is no systemd nobody made its own.
    text = text.replace("/var/log/nginx/error.log", f"{folder}/error.log")
    (folder / "tamizdat.conf").write_text(text)
    load = f"load_module {BROTLI};" if BROTLI else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, load=load))
    return [str(NGINX), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]


def caddy(text: str, folder: Path) -> list[str]:
    # Two Caddys on one machine would fight for the ports where they take orders and send people
    # to https, and a test changes nobody's list of trusted authorities.
    alone = "\n{\n  admin off\n  skip_install_trust\n  auto_https disable_redirects\n"
    (folder / "Caddyfile").write_text(text.replace("\n{\n", alone, 1))
    return [str(CADDY), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[None]:
    environ = os.environ | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with _process(command, environ, log=folder / "said.log"):
        yield


@contextmanager
def _process(command: list[str], environ: dict[str, str], *, log: Path) -> Iterator[None]:
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=environ, stdout=said, stderr=said)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def _answers(server: Server) -> bool | None:
    try:
        return bool(server.ask("/").status)
    except OSError:
        return None
