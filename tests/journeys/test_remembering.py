"""What a browser keeps of having been asked, by the script that keeps it."""

import json

import pytest
from playwright.sync_api import Browser

from tamizdat.theme.assets import FOLDER
from tests.theme.serving import served

pytestmark = pytest.mark.journey
NOTE = """async (view) => {
  const { note } = await import("/parts/memory.js");
  note((memory) => memory.views.push(view));
  return JSON.parse(localStorage.asks).views;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    root = tmp_path_factory.mktemp("scripts")
    (root / "index.html").write_text("<!doctype html><title>Nothing</title>")
    (root / "parts").symlink_to(FOLDER / "parts")
    with served(root) as at:
        yield at


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ([["ask", 1], *[["banner", 2]] * 200, ["safety", 3]], [["ask", 1], ["safety", 3]]),
        ([["ask", day] for day in range(201)], [["ask", day] for day in range(1, 201)]),
        ([5, "x", ["ask", 1]], [5, "x", ["ask", 1]]),
    ],
)
def test_a_banner_that_is_shown_without_end_makes_no_other_view_forgotten(
    browser: Browser, address, before, kept
):
    page = browser.new_page()
    page.goto(address)
    page.evaluate("(kept) => { localStorage.asks = kept }", json.dumps({"views": before}))
    views = page.evaluate(NOTE, ["banner", 9])

    assert [view for view in views if view != ["banner", 2]] == [*kept, ["banner", 9]]
    page.close()
