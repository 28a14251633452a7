"""The baked tree needs nothing of ours: a plain nginx serves it."""

import gzip
import subprocess

import httpx
import pytest

from tamizdat.editions import baking
from tamizdat.editions.tree import Tree
from tests.conftest import NOON
from tests.editions.conftest import add_picture, add_story
from tests.editions.nginx import CONFIGURATION, NGINX
from tests.patience import until
from tests.ports import free_port

pytestmark = pytest.mark.skipif(not NGINX, reason="there is no nginx on this machine")


@pytest.fixture
def nginx(site, section, tmp_path):
    """A baked paper behind nginx; asks it for a path."""
    add_story(section, lead_picture=add_picture())
    baking.bake(now=NOON, workers=1)
    port = free_port()
    file = tmp_path / "nginx.conf"
    file.write_text(CONFIGURATION.format(folder=tmp_path, port=port, root=site))
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    process = subprocess.Popen([NGINX, "-c", str(file)], stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    yield lambda path, **headers: _fetch(f"{base}{path}", headers)
    process.terminate()
    process.wait(10)


def _fetch(url, headers):
    def look():
        try:
            with httpx.stream("GET", url, headers=headers) as answer:
                return answer, b"".join(answer.iter_raw())
        except httpx.ConnectError:
            return None

    return until(look, what=url)


@pytest.mark.parametrize("path", ["/", "/harbour/", "/harbour/cranes-fall-silent/", "/fa/"])
def test_a_page_comes_from_nginx_byte_for_byte(nginx, site, path):
    answer, body = nginx(path, **{"accept-encoding": "identity"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert body == (site / path.lstrip("/") / "index.html").read_bytes()


def test_nginx_sends_our_own_compressed_bytes(nginx, site):
    answer, body = nginx("/", **{"accept-encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert body == (site / "index.html.gz").read_bytes()
    assert gzip.decompress(body) == (site / "index.html").read_bytes()


def test_what_is_not_there_is_our_404_page(nginx, site):
    answer, body = nginx("/nothing/", **{"accept-encoding": "identity"})
    assert (answer.status_code, body) == (404, (site / "404.html").read_bytes())


def test_pictures_and_scripts_have_their_types(nginx, site):
    types = {
        ".webp": "image/webp",
        ".jpg": "image/jpeg",
        ".js": "application/javascript; charset=utf-8",
    }
    kinds = {path[path.rindex(".") :]: path for path in Tree(site).paths() if path.count("/")}

    for suffix, kind in types.items():
        answer, body = nginx(f"/{kinds[suffix]}", **{"accept-encoding": "identity"})
        assert answer.headers["content-type"] in (kind, kind.replace("application", "text"))
        assert body == (site / kinds[suffix]).read_bytes()
