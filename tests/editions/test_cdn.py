from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tamizdat.editions import cdn, copies, live
from tamizdat.editions.manifest import Entry
from tests.conftest import NOON
from tests.running import running

pytestmark = pytest.mark.django_db


@pytest.fixture
def cache(settings):
    """A cache that remembers what it was told to forget."""
    purged = []

    class Cache(BaseHTTPRequestHandler):
        def do_PURGE(self):
            purged.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with running(HTTPServer(("127.0.0.1", 0), Cache)) as address:
        settings.CDN_KIND, settings.CDN_ADDRESS = "http", address
        yield purged


def go(changes):
    live.go_live(changes, why="test", now=NOON)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Wagtail leaves the answer open
def test_a_cache_is_told_exactly_what_changed(site, cache):
    page = live.store("x.html", b"1")
    go({"index.html": page, "a/index.html": page, "b/index.html": page, "feed.xml": page})
    copies.spread(now=NOON)
    assert cache == []
    go({"a/index.html": None, "feed.xml": live.store("feed.xml", b"2"),
        "b/index.html": Entry.gone(), "/?p=1": Entry.redirect(302, "/")})  # fmt: skip
    copies.spread(now=NOON)

    assert sorted(cache) == ["/?p=1", "/a", "/a/", "/b", "/b/", "/feed.xml"]
    cache.clear()
    copies.spread(now=NOON)
    assert cache == []


def test_without_a_cache_nobody_is_told(site):
    go({"index.html": live.store("x.html", b"1")})

    assert cdn.purge() == 0
