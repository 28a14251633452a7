"""A whole real WordPress site moves into a fresh newsroom, and a reader finds it in our look."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tamizdat.config.answers import GIVE_NAMES
from tests.bench import weight
from tests.stories.importing_inputs import GENUINE, UPLOADS, needs_inputs
from tests.theme.serving import served

pytestmark = [pytest.mark.journey, needs_inputs]
ALL_PICTURES_NOW = "document.querySelectorAll('img').forEach(i => { i.loading = 'eager' })"


@dataclass(frozen=True)
class Archive:
    """What was baked, where it is served, and what the import said of each item."""

    tree: Path
    address: str
    items: list[dict]

    def story(self, *, titled: str = ".", **kept: int) -> dict:
        """The first live story with such a title that holds at least so many of these blocks."""
        for item in self.items:
            is_live = item["source"].startswith("post") and not item["why"] and item["address"]
            has_all = all(item["kept"].get(kind, 0) >= count for kind, count in kept.items())
            if is_live and has_all and re.search(titled, item["title"]):
                return item
        raise LookupError(titled, kept)

    def file(self, path: str) -> Path:
        """What a plain static server answers for `path` with."""
        file = self.tree / unquote(path).strip("/")
        return file / "index.html" if file.is_dir() else file


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = tmp_path_factory.mktemp("archive")
    tamizdat("init", home, "--languages", "en", "ru", home=home)
    tamizdat("import-wordpress", GENUINE, "--uploads", UPLOADS, home=home)
    tamizdat("bake", home=home)
    (report,) = (home / "imports").glob("*.json")
    with served(home / "site") as address:
        yield Archive(home / "site", address, json.loads(report.read_text())["items"])


def tamizdat(*arguments: object, home: Path) -> None:
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
    command = [sys.executable, "-m", "tamizdat.config.command", *map(str, arguments)]
    done = subprocess.run(
        command,
        env=environ | {"TAMIZDAT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture
def tab(browser: Browser, archive: Archive) -> Iterator[Page]:
    """A reader's page. A complaint of its console, and a request to anyone else, fail the test."""
    context = browser.new_context(base_url=archive.address, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert complaints == []
    assert [url for url in asked if not url.startswith((archive.address, "data:"))] == []
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("cyrillic", {"titled": "[а-яё]{4}"}),
        ("gallery", {"gallery": 1, "picture": 0}),
        ("embed", {"embed": 2, "heading": 5}),
        ("code", {"imported": 3, "picture": 1}),
    ],
)
def test_a_story_is_read_in_our_look(
    tab: Page, archive: Archive, inspect: Callable[[Page, str], None], name: str, wanted: dict
):
    item = archive.story(**wanted)
    tab.goto(item["address"])
    tab.evaluate(ALL_PICTURES_NOW)
    tab.wait_for_load_state("networkidle")

    assert tab.locator("h1").inner_text() == item["title"]
    inspect(tab, f"archive-{name}")


def test_every_link_on_the_front_leads_somewhere(
    tab: Page, archive: Archive, inspect: Callable[[Page, str], None]
):
    tab.goto("/")
    tab.evaluate(ALL_PICTURES_NOW)
    tab.wait_for_load_state("networkidle")
    links = tab.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    ours = {urlsplit(link).path for link in links if link.startswith(archive.address)}

    assert len(ours) > 30
    files = {path for path in ours if not GIVE_NAMES.intersection(path.split("/"))}
    assert [path for path in files if not archive.file(path).is_file()] == []
    inspect(tab, "archive-front")


def test_an_old_address_leads_to_its_story(tab: Page, archive: Archive):
    item = archive.story(titled="[а-яё]{4}")
    old_path, _, new_path = item["changed"]["address"].partition(" → ")
    tab.goto(quote(old_path) + "/")
    tab.wait_for_url(f"**{new_path}")

    assert tab.locator("h1").inner_text() == item["title"]


def test_every_story_that_was_live_is_a_file(archive: Archive):
    live = [i for i in archive.items if i["source"].startswith("post ") and not i["why"]]

    assert len(live) > 500
    assert [i["address"] for i in live if not archive.file(i["address"]).is_file()] == []


def test_of_a_real_archive_nineteen_pages_of_twenty_are_within_budget(archive: Archive, capsys):
    found = weight.of_pages(archive.tree)
    with capsys.disabled():
        print(f"\nbrotli bytes of the imported archive: {found}")
        for address, size, words, rule in weight.heaviest(archive.tree):
            print(f"{size:>7,} {words:>7,} words  {rule}  {address}")

    assert found["p95"] <= weight.BUDGET_BYTES
    for front in ("index.html.br", "ru/index.html.br"):
        assert (archive.tree / front).stat().st_size <= 12 * 1024


def test_a_page_over_its_budget_says_more_than_the_budget_promises(archive: Archive):
    for address, _size, words, rule in weight.heaviest(archive.tree, 1000):
        assert words > weight.WORDS_IN_BUDGET or not rule.startswith("lists"), address
