"""What the printed configurations do under https, and whom they tell what."""

import contextlib
import http.server
import shutil
import socket
import ssl
import threading
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.config.webservers import MISSING, caddy, nginx, printed, running
from tests.conftest import NOON
from tests.patience import until
from tests.ports import free_port

LONG = timedelta(days=3650)


@pytest.fixture(scope="module")
def home(founded, tmp_path_factory):
    return shutil.copytree(founded, tmp_path_factory.mktemp("paper") / "home")


@pytest.fixture(params=["nginx", "caddy"])
def kind(request):
    if MISSING[request.param]:
        pytest.skip(MISSING[request.param])
    return request.param


@contextlib.contextmanager
def a_program(seen):
    """Listens as `tamizdat serve` would, and keeps the headers that it is sent."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def make_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOON - LONG, NOON + LONG)
    certificate = builder.sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "privkey.pem").write_bytes(private)


@pytest.fixture
def https(kind, home, tmp_path):
    """The port of the site under https, and what the program behind it was told."""
    make_certificate(tmp_path)
    port, seen = free_port(), []
    with a_program(seen) as behind:
        address = f"https://localhost:{port}"
        text = printed(kind, home, port=port, behind=behind, TAMIZDAT_SITE_ADDRESS=address)
        text = text.replace("/etc/letsencrypt/live/localhost", str(tmp_path))
        command = {"nginx": nginx, "caddy": caddy}[kind](text, tmp_path)
        with running(command, tmp_path):
            until(lambda: listens(port), what=f"{kind} at {port}")
            yield port, seen


@contextlib.contextmanager
def shaken(port, *protocols):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols([*protocols, "http/1.1"])
    with (
        socket.create_connection(("localhost", port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        yield connection


def listens(port):
    try:
        with shaken(port):
            return True
    except OSError:
        return None


def ask(port, path, **headers):
    lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{port}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    with shaken(port) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode(errors="replace")


def test_https_brings_http_2_and_is_remembered_for_a_year(https):
    port, _seen = https
    with shaken(port, "h2") as connection:
        assert connection.selected_alpn_protocol() == "h2"

    assert "strict-transport-security: max-age=31536000\r\n" in ask(port, "/").lower()


def test_the_program_behind_is_not_told_who_asks(https):
    port, seen = https
    ask(port, "/checkout/", X_Forwarded_For="203.0.113.9", X_Real_IP="203.0.113.9")

    assert seen[-1]["host"] == f"localhost:{port}"
    assert not {"x-forwarded-for", "x-real-ip", "forwarded"} & seen[-1].keys()
    assert not any("127.0.0.1" in value or "203.0" in value for value in seen[-1].values())
