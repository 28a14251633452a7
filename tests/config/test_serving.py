"""What a reader's browser is told, asked of the application itself."""

import subprocess
import sys
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from django.urls import get_resolver

from tamizdat.config import answers, serving
from tamizdat.config.urls import DESK, GIVE
from tamizdat.editions.tree import Tree
from tests.editions.conftest import put


class Answer:
    def __init__(self, application, path, method="GET", **headers):
        path, _, query = path.partition("?")
        raw = path.encode().decode("latin-1")
        environ = {"REQUEST_METHOD": method, "PATH_INFO": raw, "QUERY_STRING": query}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        setup_testing_defaults(environ)
        chunks = application(environ, self._start)
        self.body = b"".join(chunks)

    def _start(self, status, headers, *_):
        self.status = int(status.split()[0])
        self.headers = dict(headers)
        assert len(self.headers) == len(headers), "a header twice"


@pytest.fixture
def tree(tmp_path):
    tree = Tree(tmp_path / "site")
    put(tree, "index.html", b"<p>front")
    put(tree, "ru/порт/index.html", "<p>порт".encode() * 50)
    put(tree, "404.html", b"<p>not here")
    put(tree, "ru/404.html", "<p>нет".encode())
    put(tree, "assets/ask.0123abcd.js", b"let x")
    put(tree, "old/index.html", b"stub")
    tree.put_beside(
        "redirects.json",
        b'{"/old": [301, "/new/"], "/?p=12": [302, "/x/"],'
        b' "/ru/gone": [410, ""], "/withdrawn": [410, ""]}',
    )
    return tree


@pytest.fixture
def ask(tree):
    not_found = serving.NotFound(tree.root)
    doorway = serving.Doorway(
        behind, names={"checkout", "desk"}, languages={"ru"}, otherwise=not_found
    )
    beside = tree.beside("redirects.json")
    site = serving.site(tree.root, redirects=beside, https=True, behind=doorway)
    return lambda path, **more: Answer(site, path, **more)


def behind(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html"), ("Set-Cookie", "a=b")])
    return [b"dynamic"]


def test_a_page_is_served_as_html_for_a_minute(ask):
    answer = ask("/")

    assert (answer.status, answer.body) == (200, b"<p>front")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_a_page_comes_compressed_to_those_who_take_it(ask):
    answer = ask("/ru/порт/", accept_encoding="gzip, br")

    assert answer.headers["Content-Encoding"] in ("br", "gzip")
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "порт" in brotli.decompress(answer.body).decode()


def test_a_page_that_the_reader_has_is_not_sent_again(ask, tree):
    tag = ask("/").headers["ETag"]

    assert ask("/", if_none_match=tag).status == 304
    put(tree, "index.html", b"<p>FRONT")
    assert ask("/", if_none_match=tag).status == 200


def test_a_hashed_file_is_kept_for_ever(ask):
    answer = ask("/assets/ask.0123abcd.js")

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("path", ["/nothing", "/nothing/", "/../etc/passwd", "/.env", "/a\0b",
                                  "/index.html/x", "/" + "x" * 5000, "//evil.example"])  # fmt: skip
def test_what_is_not_there_is_the_baked_404_page(ask, path):
    answer = ask(path)

    assert (answer.status, answer.body) == (404, b"<p>not here")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_404_page_speaks_the_language_of_the_address(ask):
    assert ask("/ru/nothing").body.decode() == "<p>нет"


def test_without_a_baked_404_page_there_is_still_an_answer(ask, tree):
    tree.remove("404.html")
    assert (ask("/nothing").status, ask("/nothing").body) == (404, b"Not found.\n")


@pytest.mark.parametrize(
    ("path", "status", "to"),
    [("/old", 301, "/new/"), ("/old/", 301, "/new/"), ("/old/?x=1", 301, "/new/"),
     ("/?p=12", 302, "/x/")],
)  # fmt: skip
def test_an_old_address_redirects(ask, path, status, to):
    answer = ask(path)
    assert (answer.status, answer.headers["Location"]) == (status, to)


@pytest.mark.parametrize("path", ["/withdrawn", "/withdrawn/"])
def test_what_was_taken_away_for_good_is_gone(ask, path):
    answer = ask(path)
    assert (answer.status, answer.body) == (410, b"<p>not here")


def test_a_new_map_counts_from_the_next_request(ask, tree):
    ask("/old/")
    tree.put_beside("redirects.json", b"{}")
    assert ask("/old/").body == b"stub"


@pytest.mark.parametrize("path", ["/", "/nothing", "/old", "/checkout/", "/desk/", "/ru"])
def test_every_answer_carries_our_headers(ask, path):
    headers = ask(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    # Without a referrer a browser sends `Origin: null`, and no one could sign in.
    assert headers["Referrer-Policy"] == ("same-origin" if path == "/desk/" else "no-referrer")
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert (headers.get("Content-Security-Policy") == "frame-ancestors 'none'") == (
        path != "/desk/"
    )


@pytest.mark.parametrize("path", ["/", "/nothing", "/checkout/", "/ru/checkout/"])
def test_no_cookie_leaves_the_desk(ask, path):
    assert "Set-Cookie" not in ask(path).headers
    assert "Set-Cookie" in ask("/desk/").headers


def test_what_is_computed_is_not_stored(ask):
    assert ask("/checkout/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/harbour/", "/ru/harbour/", "/ru/", "/checkoutx/"])
def test_the_application_answers_only_its_own_addresses(ask, path, tree):
    tree.remove("ru/index.html")
    assert ask(path).body != b"dynamic"


def test_a_file_is_read_and_never_written_to(ask):
    assert ask("/", method="POST").status == 405


def test_every_dynamic_address_is_let_through_the_doorway():
    def heads(patterns):
        for pattern in patterns:
            head = str(pattern.pattern).strip("^$/")
            if "/" in head or (head and not head.startswith("(")):
                yield head.split("/")[0]
            elif hasattr(pattern, "url_patterns"):
                yield from heads(pattern.url_patterns)

    assert get_resolver()
    assert set(heads(GIVE)) <= answers.GIVE_NAMES | {"en"}
    assert {"desk", "documents"} <= set(heads(DESK)) & answers.DESK_NAMES


def test_the_site_zone_loads_no_django():
    code = (
        "import sys, tamizdat.config.wsgi;"
        "sys.exit(any(name.split('.')[0] in ('django', 'wagtail') for name in sys.modules))"
    )
    from tests.settings import _home

    environ = {"TAMIZDAT_HOME": str(_home), "TAMIZDAT_ZONE": "site", "PATH": ""}
    assert subprocess.run([sys.executable, "-c", code], env=environ, check=False).returncode == 0


def test_what_is_gone_for_good_says_so_in_the_words_of_its_language(ask):
    answer = ask("/ru/gone/")

    assert answer.status == 410
    assert answer.body == "<p>нет".encode()
