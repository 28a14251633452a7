"""The newsroom asks on another site of its own, and is given to from there."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import is_complaint
from tests.journeys.test_asking import SHIFTS
from tests.journeys.test_giving import fill_in_address, press

pytestmark = pytest.mark.journey
LOOKED_AWAY = """Object.defineProperty(document, "hidden", {value: true});
  document.dispatchEvent(new Event("visibilitychange"))"""
LETTERS = """(element) => { const how = getComputedStyle(element);
  return [how.letterSpacing, how.textTransform, how.direction] }"""


@pytest.fixture
def visitor(browser, lantern):
    """Somebody on the other site, with a script; what their browser complains about fails."""
    context = browser.new_context(timezone_id="Europe/Berlin", locale="en-GB")
    page = context.new_page()
    page.add_init_script(SHIFTS)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert context.cookies() == []
    assert complaints == []
    context.close()


def opened(page, address):
    page.goto(address)
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_our_words_stand_there_as_we_made_them(visitor, lantern, inspect, language):
    opened(visitor, f"{lantern.other}/{language}/")

    ask, banner = visitor.locator("section.ask"), visitor.locator("aside.banner")
    expect(banner).to_be_visible()
    expect(ask).to_be_visible()
    assert visitor.evaluate("self.shifted") == 0
    for words in (ask, banner):
        assert words.evaluate(LETTERS) == ["normal", "none", "rtl" if language == "fa" else "ltr"]
    for ours, size in ((ask.get_by_role("button"), 18), (ask.locator("p"), 19)):
        assert ours.first.evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)") == size
    inspect(visitor, f"elsewhere-{language}")


def test_our_words_run_their_own_way_on_a_page_that_runs_another(visitor, lantern):
    turn = "document.addEventListener('readystatechange', () => { document.dir = 'ltr' })"
    visitor.add_init_script(turn)
    opened(visitor, f"{lantern.other}/fa/")

    for words in ("section.ask", "aside.banner"):
        assert visitor.locator(words).evaluate(LETTERS)[2] == "rtl"


def test_who_gives_from_there_comes_back_and_is_left_in_peace(visitor, lantern):
    opened(visitor, f"{lantern.other}/en/")
    visitor.locator("section.ask").get_by_role("button").first.click()
    expect(visitor).to_have_url(re.compile(rf"^{lantern.address}/checkout/"))
    fill_in_address(visitor, "elsewhere@reader.example")
    press(visitor, "Go on to the bank")
    press(visitor, "0010")
    go_on = visitor.get_by_role("link", name="Go on reading")
    expect(go_on).to_have_attribute("href", f"{lantern.other}/en/#gave")

    go_on.click()
    visitor.wait_for_load_state("networkidle")

    assert visitor.url == f"{lantern.other}/en/"
    for element in ("section.ask", "aside.banner"):
        expect(visitor.locator(element)).to_have_count(0)
    visitor.get_by_role("link", name="Forget").click()
    expect(visitor.get_by_text("Forgotten.")).to_be_visible()
    opened(visitor, f"{lantern.other}/en/")
    expect(visitor.locator("section.ask")).to_be_visible()


def test_who_closes_the_banner_there_or_will_be_reminded_is_left_in_peace(visitor, lantern):
    opened(visitor, f"{lantern.other}/en/")
    visitor.get_by_role("button", name="Close").click()
    expect(visitor.locator("aside.banner")).to_have_count(0)
    opened(visitor, f"{lantern.other}/en/")
    expect(visitor.locator("aside.banner")).to_have_count(0)

    visitor.get_by_role("button", name="Remind me later").click()
    visitor.locator("#address").fill("later@example.org")
    visitor.get_by_role("button", name="Remind me").click()
    visitor.get_by_role("link", name="Go on reading").click()
    visitor.wait_for_load_state("networkidle")

    assert visitor.url == f"{lantern.other}/en/"
    expect(visitor.locator("section.ask")).to_have_count(0)


def test_the_banner_leads_to_the_page_about_giving_and_says_from_where(visitor, lantern):
    opened(visitor, f"{lantern.other}/en/")
    visitor.locator("aside.banner a").click()

    expect(visitor).to_have_url(re.compile(rf"^{lantern.address}/give/#appeal="))
    source = visitor.locator(".ask form input[name=from]")
    expect(source).to_have_value(f"{lantern.other}/en/")


def test_what_an_experiment_counts_is_told_to_us(visitor, lantern):
    def put_to_the_test(route):
        answer = route.fetch()
        told = answer.json() | {"tests": {"words": {"arms": ["a"], "shares": [10_000]}}}
        told["rules"] = [rule | {"test": "words", "arm": "a"} for rule in told["rules"]]
        route.fulfill(response=answer, json=told)

    visitor.route("**/appeals/en.json", put_to_the_test)
    opened(visitor, f"{lantern.other}/en/")
    with visitor.expect_request("**/count/") as told:
        visitor.evaluate(LOOKED_AWAY)

    assert (told.value.method, told.value.url) == ("POST", f"{lantern.address}/count/")


@pytest.mark.parametrize(
    ("zone", "page", "stands"),
    [
        ("Europe/Berlin", "placed", "form"),
        ("Europe/Minsk", "placed", "Please do not give"),
        ("Europe/Berlin", "sensitive", ""),
    ],
)
def test_where_the_page_says_the_place_its_own_words_ask_nobody_whom_we_do_not(
    browser, lantern, inspect, zone, page, stands
):
    with browser.new_context(timezone_id=zone) as context:
        visitor = context.new_page()
        opened(visitor, f"{lantern.other}/en/{page}/")
        visitor.evaluate("scrollTo(0, document.body.scrollHeight)")

        ask = visitor.locator("section.ask")
        expect(visitor.locator("[data-tamizdat-ask]:visible")).to_have_count(0)
        expect(ask).to_have_count(1 if stands else 0)
        expect(ask.locator("form")).to_have_count(1 if stands == "form" else 0)
        if stands not in ("", "form"):
            expect(ask).to_contain_text(stands)
            inspect(visitor, "elsewhere-safety")


@pytest.mark.parametrize(("page", "count"), [("en", 0), ("en/named", 1)])
def test_a_section_and_topics_that_the_page_names_are_heeded(visitor, lantern, page, count):
    def only_for_some(route):
        answer = route.fetch()
        told = answer.json()
        rules = [rule for rule in told["rules"] if rule["place"] == "ask"]
        told["rules"] = [r | {"sections": ["/harbour/"], "topics": ["/tides/"]} for r in rules]
        route.fulfill(response=answer, json=told)

    visitor.route("**/appeals/en.json", only_for_some)
    opened(visitor, f"{lantern.other}/{page}/")

    expect(visitor.locator("section.ask")).to_have_count(count)


def test_a_page_that_names_no_topic_has_none(visitor, lantern):
    def only_for_the_nameless(route):
        answer = route.fetch()
        told = answer.json()
        rules = [rule | {"topics": [""]} for rule in told["rules"]]
        route.fulfill(response=answer, json=told | {"rules": rules})

    visitor.route("**/appeals/en.json", only_for_the_nameless)
    opened(visitor, f"{lantern.other}/en/nameless/")

    expect(visitor.locator("section.ask, aside.banner")).to_have_count(0)


def test_without_a_script_the_page_says_it_by_itself(browser, lantern):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{lantern.other}/ru/")
        page.get_by_role("link", name="Поддержать нас").click()
        expect(page).to_have_url(f"{lantern.address}/give/")


def test_where_we_cannot_be_reached_the_page_stays_as_it_is(browser, lantern):
    with browser.new_context() as context:
        page = context.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.route(re.compile("/appeals/"), lambda route: route.abort())
        opened(page, f"{lantern.other}/en/")

        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("section.ask")).to_have_count(0)
        assert broken == []
