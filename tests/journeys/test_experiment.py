"""A revenue lead tries two banners on readers; the desk counts them, and a gift knows its arm."""

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Lantern
from tests.patience import until

pytestmark = pytest.mark.journey

WORDS = {"a": "Paid for by readers.", "b": "Readers pay, nobody else."}
READERS = 8
SET = """([name, value]) => {
  const field = document.querySelector(`[name="${name}"]`);
  field.value = value;
}"""
OPTION = """([name, label]) => [...document.querySelectorAll(`[name=${name}] option`)]
  .find(each => each.textContent.trim() === label).value"""


def write_experiment(editor: Page) -> None:
    editor.goto("/desk/snippets/appeals/experiment/add/")
    editor.get_by_role("textbox", name="What it asks").fill("Whose money?")
    editor.locator("[name=key]").fill("whose")
    for n, arm in enumerate(WORDS):
        editor.locator(f"[name=arms-{n}-name]").fill(arm)
    editor.get_by_role("button", name="Save").click()
    expect(editor.get_by_role("link", name="Whose money?")).to_be_visible()


def write_banner(editor: Page, arm: str) -> None:
    editor.goto("/desk/snippets/appeals/message/add/")
    chosen = {"placement": "Banner", "locale": "English", "arm": f"whose.{arm}"}
    numbers = {name: editor.evaluate(OPTION, [name, label]) for name, label in chosen.items()}
    for name, value in (numbers | {"text": WORDS[arm], "button": "Support us!"}).items():
        editor.evaluate(SET, [name, value])
    editor.evaluate(SET, ["priority", "90"])
    editor.get_by_role("button", name="Save").click()
    editor.wait_for_url("**/message/")


def rules_of_tests(lantern: Lantern) -> object:
    with urllib.request.urlopen(f"{lantern.address}/appeals/en.json") as answer:
        return json.load(answer)["tests"]


def read_and_press(browser: Browser, lantern: Lantern) -> str:
    """What the checkout knows of the arm of someone who came by the banner."""
    context = browser.new_context(base_url=lantern.address)
    page = context.new_page()
    page.goto("/")
    banner = page.locator(".banner")
    expect(banner).to_contain_text(re.compile("|".join(map(re.escape, WORDS.values()))))
    said = banner.inner_text()
    banner.get_by_role("link", name="Support us!").click()
    form = page.locator(".ask form")
    expect(form.locator("[name=arm]")).to_have_count(1)  # the page's script has run
    form.locator("button.go").click()
    arm = page.locator("input[name=arm]").get_attribute("value")
    assert WORDS[arm.removeprefix("whose.")] in said
    context.close()
    return arm


def test_from_two_banners_to_figures(
    editor: Page, browser: Browser, lantern: Lantern, inspect: Callable[[Page, str], None]
):
    write_experiment(editor)
    for arm in WORDS:
        write_banner(editor, arm)
    editor.goto("/desk/experiments/whose/")
    editor.get_by_role("button", name="Begin the experiment").click()
    until(lambda: rules_of_tests(lantern) or None, what="the experiment in the list of rules")

    arms = [read_and_press(browser, lantern) for _ in range(READERS)]

    assert set(arms) <= {"whose.a", "whose.b"}
    told = f"Too early to tell: {READERS} of 5,000 readers."

    def look() -> bool | None:
        editor.reload()
        return editor.get_by_text(told).is_visible() or None

    until(look, what="as many readers on the desk")
    inspect(editor, "desk-experiment")
    editor.get_by_role("button", name="Stop the experiment").click()
    expect(editor.get_by_text("Turn on the message")).to_be_visible()


def test_an_experiment_that_is_over_says_what_it_showed(
    editor: Page, inspect: Callable[[Page, str], None]
):
    editor.goto("/desk/experiments/who-pays/")
    expect(editor.get_by_text(re.compile(r"B brings \d+ % to \d+ % more than A"))).to_be_visible()
    inspect(editor, "desk-verdict")
