"""An editor runs an experiment from start to verdict, and keeps what brings more."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import crowd
from tests.journeys.conftest import Lantern
from tests.journeys.test_giving import fill_in_address, press
from tests.patience import until

pytestmark = pytest.mark.journey

PAGE = "/desk/experiments/whose/"
WORDS = {"a": "Paid for by readers.", "b": "Readers pay, nobody else."}
EXPECTED = 1_000  # readers in both arms: the fewest that the desk lets one expect
GIFTS = {"a": 26, "b": 75}  # of five hundred readers each
BROUGHT, TOLD = "What each arm brought", "What browsers told of each arm"
# Who met it, seen, closed, pressed: by one reader who saw it on two pages.
ONE_READER = re.compile(r"^\s*[AB]\s*1\s*2\s*0\s*1\s*$")
# Share, readers and gifts; then gifts and money of a thousand readers, with their intervals.
FIGURES = re.compile(
    r"^\s*[AB]\s*50 %\s*50[01]\s*\d+"
    r"\s*\d+\.\d \(\d+\.\d to \d+\.\d\)\s*\$\S+ \(\$\S+ to \$\S+\)"
)
VERDICT = re.compile(r"^B brings \d+ % to \d+ % more than A\. You can stop\.$")
HAS_VIEWED = "views => JSON.parse(localStorage.asks).views.length >= views"


def field(editor: Page, role: Literal["textbox", "spinbutton", "combobox"], label: str) -> Locator:
    return editor.get_by_role(role, name=re.compile(rf"^{label}\*?$"))  # a star: it is required


def write(editor: Page) -> None:
    write_experiment(editor)
    for arm in WORDS:
        write_banner(editor, arm)
    editor.goto(PAGE)


def write_experiment(editor: Page) -> None:
    editor.goto("/desk/snippets/appeals/experiment/add/")
    field(editor, "textbox", "What it asks").fill("Whose money?")
    field(editor, "textbox", "Key").fill("whose")
    field(editor, "spinbutton", "Readers expected").fill(str(EXPECTED))
    for n, arm in enumerate(WORDS):
        editor.locator(f"[name=arms-{n}-name]").fill(arm)
    press(editor, "Save")
    editor.get_by_role("link", name="Whose money?").click()
    expect(editor.get_by_text("No message is on for A, B")).to_be_visible()


def write_banner(editor: Page, arm: str) -> None:
    """For readers in Italy, so that other journeys are asked as ever."""
    editor.goto("/desk/snippets/appeals/message/add/")
    field(editor, "combobox", "Where").select_option("Banner")
    field(editor, "combobox", "Language").select_option("English")
    field(editor, "textbox", "Text").fill(WORDS[arm])
    field(editor, "textbox", "Button").fill("Support us!")
    editor.get_by_role("tab", name="Who sees it").click()
    field(editor, "textbox", "Only in these countries").fill("IT")
    editor.get_by_role("tab", name="Order, campaign, experiment").click()
    field(editor, "spinbutton", "Priority").fill("90")
    field(editor, "combobox", "Arm of an experiment").select_option(f"whose.{arm}")
    press(editor, "Save")
    editor.wait_for_url("**/message/")


@contextmanager
def reader(browser: Browser, lantern: Lantern) -> Iterator[Page]:
    """Somebody new, in Italy."""
    with browser.new_context(base_url=lantern.address, timezone_id="Europe/Rome") as context:
        page = context.new_page()
        page.goto("/")
        yield page
        assert context.cookies() == []


def arm_seen(page: Page, *, views: int = 1) -> str:
    """By what the banner says, once the browser has counted so many views of it."""
    banner = page.locator(".banner")
    expect(banner).to_contain_text(re.compile("|".join(map(re.escape, WORDS.values()))))
    page.wait_for_function(HAS_VIEWED, arg=views)
    return next(arm for arm, words in WORDS.items() if words in banner.inner_text())


def read_press_and_give(browser: Browser, lantern: Lantern) -> str:
    """The arm that the page's own script drew. It tells of it whenever the reader leaves a page."""
    with reader(browser, lantern) as page:
        arm = arm_seen(page)
        page.reload()
        assert arm_seen(page, views=2) == arm
        page.locator(".banner").get_by_role("link", name="Support us!").click()
        form = page.locator(".ask form")
        expect(form.locator("[name=arm]")).to_have_value(f"whose.{arm}")
        form.locator("button.go").click()
        fill_in_address(page, "whose@reader.example")
        press(page, "Go on to the bank")
        press(page, "0010")
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    return arm


def rules(lantern: Lantern) -> dict:
    with urllib.request.urlopen(f"{lantern.address}/appeals/en.json") as answer:
        return json.load(answer)


def enough_for_a_verdict(lantern: Lantern, *, count: str) -> None:
    crowd.meets(count, "whose", a=EXPECTED // 2, b=EXPECTED // 2)
    messages = {rule.get("arm"): rule["id"] for rule in rules(lantern)["rules"]}
    for arm, gifts in GIFTS.items():
        crowd.gives(lantern, gifts, appeal=messages[arm], arm=f"whose.{arm}")


def see_what_was_kept(browser: Browser, lantern: Lantern) -> None:
    with reader(browser, lantern) as page:
        assert arm_seen(page) == "b"
        page.locator(".banner").get_by_role("link", name="Support us!").click()
        expect(page.locator(".ask form [name=appeal]")).to_have_count(1)
        expect(page.locator(".ask form [name=arm]")).to_have_count(0)


def row(editor: Page, table: str, arm: str) -> Locator:
    """Of an arm, in the table of that name."""
    rows = editor.get_by_role("region", name=table).get_by_role("row")
    return rows.filter(has=editor.get_by_role("rowheader", name=arm.upper(), exact=True))


def wait_for(editor: Page, sight: Locator) -> None:
    """On the page of the experiment, as an editor does who opens it again."""

    def look() -> bool | None:
        editor.goto(PAGE)
        return sight.is_visible() or None

    until(look, what=f"{sight} on the desk")


def test_from_two_texts_to_a_verdict_and_what_everybody_sees(
    editor: Page, browser: Browser, lantern: Lantern, inspect: Callable[[Page, str], None]
):
    """All is as editors and readers have it. A thousand of these need no browser: `crowd`."""
    write(editor)
    inspect(editor, "experiment-1-written")
    press(editor, "Begin the experiment")
    until(lambda: rules(lantern)["tests"].get("whose"), what="the experiment in the list of rules")
    count = urljoin(lantern.address, rules(lantern)["count"])

    drawn = read_press_and_give(browser, lantern)
    wait_for(editor, editor.get_by_text(f"Too early to tell: 1 of {EXPECTED:,} readers."))
    wait_for(editor, row(editor, TOLD, drawn).filter(has_text=ONE_READER))
    inspect(editor, "experiment-2-early")

    enough_for_a_verdict(lantern, count=count)
    wait_for(editor, editor.get_by_text(VERDICT))
    expect(editor.get_by_text("The arms were met as often as their shares say.")).to_be_visible()
    for arm in WORDS:
        expect(row(editor, BROUGHT, arm)).to_have_text(FIGURES)
    inspect(editor, "experiment-3-verdict")

    press(editor, "Stop and keep B")
    expect(editor.get_by_text("everybody sees what B saw")).to_be_visible()
    inspect(editor, "experiment-4-over")
    until(lambda: "whose" not in rules(lantern)["tests"] or None, what="the edition without it")
    told = row(editor, TOLD, "b").inner_text()
    see_what_was_kept(browser, lantern)
    crowd.meets(count, "whose", b=1)
    editor.reload()
    assert row(editor, TOLD, "b").inner_text() == told
