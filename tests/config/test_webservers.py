"""One contract for whoever serves the tree: the real nginx, the real Caddy, `tamizdat serve`."""

import gzip
import shutil
from dataclasses import replace

import brotli
import pytest

from tamizdat.config import answers
from tamizdat.config.webservers import FORMS_A_MINUTE
from tamizdat.editions import redirecting
from tamizdat.editions.tree import Tree
from tests.config.webservers import MISSING, started
from tests.editions.conftest import put

RU, ZWNJ = "/%D1%81%D1%82%D0%B0%D1%80%D0%BE%D0%B5", "/%D9%85%DB%8C%E2%80%8C%D8%B4%D9%88%D8%AF"
MOVES = {
    "/old": (301, "/new/"),
    "/старое": (302, "/ru/%D0%BF%D0%BE%D1%80%D1%82/"),
    "/می‌شود": (301, "/fa/"),
    "/?p=123": (301, "/ru/"),
    "/?lang=ru&p=7": (302, "/fa/"),
    "/faq": (301, "/FAQ/"),
    "/Harbour": (301, "/port/"),
    "/money": (301, "https://example.org/a$b?c=d"),
    'a "quoted\\" \tone'.join("//"): (301, "/new/"),
    "/archive/old.html": (301, "/new/"),
    "/withdrawn": (410, ""),
    "/ru/изъято": (410, ""),
}


@pytest.fixture(scope="module")
def home(founded, tmp_path_factory):
    home = shutil.copytree(founded, tmp_path_factory.mktemp("paper") / "home")
    tree = Tree(home / "site")
    put(tree, "index.html", b"<p>front" * 100)
    put(tree, "FAQ/index.html", b"<p>questions")
    put(tree, "harbour/index.html", b"<p>harbour")
    put(tree, "ru/порт/index.html", "<p>порт".encode() * 50)
    put(tree, "404.html", b"<p>not here")
    put(tree, "ru/404.html", "<p>нет".encode())
    put(tree, "fa/404.html", "<p>نیست".encode())
    put(tree, "assets/ask.0123abcd.js", b"let x")
    put(tree, "media/images/quay.webp", bytes(range(256)) * 8)
    put(tree, "feed.xml", b"<feed/>")
    put(tree, "appeals/en.json", b"{}")
    put(tree, "elsewhere.js", b"let y")
    put(tree, ".well-known/security.txt", b"Contact: x\n")
    put(tree, ".well-known/.secret", b"secret")
    put(tree, "ru/.env", b"secret")
    put(tree, "old/index.html", b"stub")
    (home / "site/.baking").mkdir(exist_ok=True)
    (home / "site/.baking/draft").write_bytes(b"secret")
    redirecting.write_maps(tree, MOVES)
    return home


@pytest.fixture(scope="module", params=["nginx", "caddy", "tamizdat"])
def server(request, home, tmp_path_factory):
    if MISSING[request.param]:
        pytest.skip(MISSING[request.param])
    with started(request.param, home, tmp_path_factory.mktemp(request.param)) as server:
        yield server


@pytest.mark.parametrize(
    ("path", "kind", "kept"),
    [("/", "text/html; charset=utf-8", answers.A_MINUTE),
     ("/ru/%D0%BF%D0%BE%D1%80%D1%82/", "text/html; charset=utf-8", answers.A_MINUTE),
     ("/?utm_source=x", "text/html; charset=utf-8", answers.A_MINUTE),
     ("/assets/ask.0123abcd.js", "text/javascript; charset=utf-8", answers.FOREVER),
     ("/media/images/quay.webp", "image/webp", answers.FOREVER),
     ("/feed.xml", "text/xml; charset=utf-8", answers.A_MINUTE),
     ("/.well-known/security.txt", "text/plain; charset=utf-8", answers.A_MINUTE)],
)  # fmt: skip
def test_a_file_is_what_it_is_and_is_kept_as_long_as_it_may(server, path, kind, kept):
    answer = server.ask(path)

    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"] == kept
    assert answer.headers.keys() & {"set-cookie", "server"} <= {"server"}


@pytest.mark.parametrize(
    ("path", "opens"),
    [("/appeals/en.json", "*"), ("/elsewhere.js", "*"), ("/", None), ("/feed.xml", None)],
)
def test_what_our_other_sites_ask_with_is_open_to_them_and_nothing_else(server, path, opens):
    assert server.ask(path).headers.get("access-control-allow-origin") == opens


@pytest.mark.parametrize(
    ("takes", "gets", "opened"),
    [("gzip", "gzip", gzip.decompress), ("br", "br", brotli.decompress),
     ("gzip, deflate, br, zstd", "br", brotli.decompress), ("identity", None, bytes),
     ("zstd", None, bytes)],
)  # fmt: skip
def test_a_page_comes_compressed_as_it_was_baked(server, home, takes, gets, opened):
    answer = server.ask("/", accept_encoding=takes)

    assert answer.headers.get("content-encoding") == gets
    assert opened(answer.body) == (home / "site/index.html").read_bytes()
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "accept-encoding" in answer.headers["vary"].lower()


@pytest.mark.parametrize("path", ["/", "/nothing", "/media/images/quay.webp"])
def test_head_is_get_without_the_body(server, path):
    head, get = server.ask(path, "HEAD"), server.ask(path)

    assert (head.status, head.body) == (get.status, b"")
    for name in ("content-type", "cache-control", "content-length"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize("takes", ["br", "identity"])
def test_what_the_reader_has_is_not_sent_again(server, takes):
    tag = server.ask("/", accept_encoding=takes).headers["etag"]
    again = server.ask("/", accept_encoding=takes, if_none_match=tag)

    assert (again.status, again.body) == (304, b"")
    assert again.headers["cache-control"] == answers.A_MINUTE
    assert server.ask("/", accept_encoding=takes, if_none_match='"other"').status == 200


def test_a_part_of_a_file_can_be_had(server):
    answer = server.ask("/media/images/quay.webp", range="bytes=1-3")

    assert (answer.status, answer.body) == (206, b"\1\2\3")
    assert answer.headers["content-range"] == "bytes 1-3/2048"
    assert server.ask("/media/images/quay.webp", range="bytes=9999-").status == 416


@pytest.mark.parametrize(
    ("path", "says"),
    [("/nothing", "<p>not here"), ("/nothing/", "<p>not here"), ("/ru/nothing", "<p>нет"),
     ("/fa/%D9%86/", "<p>نیست"), ("/en/nothing", "<p>not here"),
     ("/assets/x.js", "<p>not here"),
     ("/rust", "<p>not here"), ("/" + "x" * 5000, "<p>not here"), ("/media/images/", None)],
)  # fmt: skip
def test_what_is_not_there_is_said_in_the_language_of_the_address(server, path, says):
    answer = server.ask(path, accept_encoding="identity")

    assert answer.status == 404
    if says:
        assert answer.body.decode() == says
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == answers.ASK_AGAIN


@pytest.mark.parametrize(
    ("path", "status", "to"),
    [("/old", 301, "/new/"), ("/old/", 301, "/new/"), ("/old/?x=1", 301, "/new/"),
     (RU, 302, "/ru/%D0%BF%D0%BE%D1%80%D1%82/"), (f"{RU}/", 302, "/ru/%D0%BF%D0%BE%D1%80%D1%82/"),
     (ZWNJ, 301, "/fa/"), ("/?p=123", 301, "/ru/"), ("/?p=7&lang=ru", 302, "/fa/"),
     ("/?lang=ru&p=7", 302, "/fa/"), ("/faq", 301, "/FAQ/"), ("/archive/old.html", 301, "/new/")],
)  # fmt: skip
def test_an_old_address_redirects_with_its_status(server, path, status, to):
    for method in ("GET", "HEAD"):
        answer = server.ask(path, method)
        assert (answer.status, answer.headers["location"]) == (status, to)
        assert answer.headers["cache-control"] == answers.A_MINUTE


def test_an_address_of_another_host_keeps_its_dollar_and_its_query(server):
    to = server.ask("/money").headers["location"]
    assert to.replace("%24", "$") == "https://example.org/a$b?c=d"


@pytest.mark.parametrize(
    ("path", "body"), [("/FAQ/", b"<p>questions"), ("/harbour/", b"<p>harbour")]
)
def test_an_address_that_differs_in_its_capitals_is_another_address(server, path, body):
    answer = server.ask(path, accept_encoding="identity")
    assert (answer.status, answer.body) == (200, body)


@pytest.mark.parametrize(
    ("path", "says"),
    [("/withdrawn", "<p>not here"), ("/withdrawn/", "<p>not here"),
     ("/ru/%D0%B8%D0%B7%D1%8A%D1%8F%D1%82%D0%BE/", "<p>нет")],
)  # fmt: skip
def test_what_was_taken_away_for_good_is_gone(server, path, says):
    answer = server.ask(path, accept_encoding="identity")

    assert (answer.status, answer.body.decode()) == (410, says)
    assert answer.headers["cache-control"] == answers.ASK_AGAIN


@pytest.mark.parametrize(
    "path",
    ["/.baking/draft", "/ru/.env", "/.well-known/.secret", "/.%65nv", "/ru/%2eenv",
     "/../home/db.sqlite3", "/ru/../../secrets/vault.key", "/..%2f..%2fsecrets/vault.key",
     "/%2e%2e/secrets/vault.key", "/media/images/../../../secrets/vault.key",
     "/..\\secrets\\vault.key", "//../db.sqlite3", "/.baking/", "/..;/db.sqlite3"],
)  # fmt: skip
def test_what_is_hidden_or_outside_stays_there(server, path):
    answer = server.ask(path)

    assert answer.status in (400, 404)
    assert b"secret" not in answer.body
    assert b"SQLite" not in answer.body


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/old", "/withdrawn", "/checkout/", "/desk/login/"]
)
def test_every_answer_carries_our_headers_once(server, path):
    expected = answers.reader_headers(https=False)
    if path.startswith("/desk/"):  # without a referrer no one could sign in
        expected = {"Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff"}
    headers = server.ask(path).headers

    assert {name: headers[name.lower()] for name in expected} == expected


@pytest.mark.parametrize(
    "path", ["/checkout/", "/ru/checkout/", "/desk/login/", "/static/wagtailadmin/css/core.css"]
)
def test_what_a_program_answers_comes_from_the_program(server, path):
    assert server.ask(path).status == 200


def test_nothing_is_written_to_a_file(server):
    assert server.ask("/", "POST").status == 405
    assert server.ask("/ru/%D0%BF%D0%BE%D1%80%D1%82/", "DELETE").status == 405


@pytest.mark.parametrize("path", ["/", "/media/images/quay.webp", "/nothing", "/checkout/"])
def test_each_answer_to_a_reader_has_a_connection_of_its_own(server, path):
    assert server.ask(path).headers["connection"] == "close"


def test_a_folder_without_its_stroke_leads_to_the_one_with(server):
    answer = server.ask("/harbour")

    assert answer.status in (301, 302, 308)
    assert answer.headers["location"] in ("/harbour/", "harbour/")


def test_the_server_does_not_tell_which_version_it_is(server):
    for path in ("/", "/nothing", "/checkout/"):
        said = server.ask(path).headers.get("server", "")
        assert not any(letter.isdigit() for letter in said), said


def test_no_address_of_a_reader_is_written_down_whatever_goes_wrong(home, server):
    loop = home / "site/loop.html"
    loop.unlink(missing_ok=True)
    loop.symlink_to(loop)
    for path in ("/loop.html", "/nothing", "/.env", "/checkout/", "/%00", "/media/images/x.webp"):
        server.ask(path, x_forwarded_for="203.0.113.9")
    loop.unlink()

    written = b"".join(file.read_bytes() for file in server.log.parent.glob("*.log"))
    for trace in (b"203.0.113.9", b"/checkout/", b"loop.html", b"client:", b"remote_ip"):
        assert trace not in written


@pytest.mark.skipif(bool(MISSING["nginx"]), reason=MISSING["nginx"])
def test_nginx_takes_so_many_forms_a_minute_from_one_address_and_writes_nothing(home, tmp_path):
    def send(server, path="/ru/checkout/"):
        return server.ask(path, "POST", content_length="0").status

    with started("nginx", home, tmp_path) as near:
        far, other = (replace(near, sender=f"127.0.0.{n}") for n in (2, 3))
        sent = [send(far) for _ in range(FORMS_A_MINUTE + 5)]

        assert sent.count(429) in (3, 4, 5)  # the first, the burst, and what grew back meanwhile
        assert send(far, "/hooks/demo-bank/") == 403
        assert far.ask("/checkout/").status == 200
        assert send(other) == 422
        assert 429 not in [send(near) for _ in range(FORMS_A_MINUTE + 5)]
    assert b"127.0.0.2" not in b"".join(file.read_bytes() for file in tmp_path.glob("*.log"))
