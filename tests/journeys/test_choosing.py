"""The browser chooses as previews do: the table of cases, and hundreds that nobody thought of."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tamizdat.appeals.choosing import choose
from tamizdat.theme.assets import PARTS
from tests.appeals.choosing_cases import ASKS, CASES, NOON, READER, RULE, TODAY, WEEK

pytestmark = pytest.mark.journey
names = st.lists(st.sampled_from("abc"), max_size=2)
countries = st.sampled_from(["", "DE", "AT", "BY"])
days = st.integers(0, 40)
lately = st.integers(TODAY - 40, TODAY + 2)
places = st.sampled_from(["banner", "ask", "safety"])
conditions = st.fixed_dictionaries(
    {},
    optional={
        "countries": st.lists(countries, min_size=1, max_size=2),
        "not_countries": st.lists(countries, max_size=2),
        "sections": names,
        "not_sections": names,
        "topics": names,
        "not_topics": names,
        "soft": st.booleans(),
        "device": st.sampled_from(["phone", "desktop"]),
        "begins": st.integers(NOON - 2, NOON + 2),
        "ends": st.integers(NOON - 2, NOON + 2),
        "read": st.tuples(st.integers(0, 4), st.none() | st.integers(0, 8), st.integers(1, 4)),
        "views": st.tuples(st.none() | st.integers(1, 4), days, st.integers(0, 3)),
        "closed": days,
        "gave": days,
        "later": days,
    },
)
halves = st.integers(0, 10_000).map(lambda a: {"shares": [a, 10_000 - a], "arms": ["x", "y"]})
of_a_test = st.fixed_dictionaries(
    {"test": st.sampled_from("tu"), "arm": st.sampled_from(["x", "y", "gone"])}
)
rules = st.builds(
    lambda name, place, how, test: {"id": name, "place": place} | how | (test or {}),
    st.sampled_from(["m1", "m2", "m3"]),
    places,
    conditions,
    st.none() | of_a_test,
)
lists = st.fixed_dictionaries(
    {
        "never": st.lists(countries.filter(bool), max_size=2),
        "unknown_is_never": st.booleans(),
        "holdback": st.sampled_from([0, 0, 500, 10_000]),
        "tests": st.fixed_dictionaries({"t": halves, "u": halves}),
        "rules": st.lists(rules, max_size=5),
    }
)
readers = st.fixed_dictionaries(
    {
        "country": countries,
        "section": st.sampled_from("abc"),
        "topics": names,
        "sensitive": st.booleans(),
        "device": st.sampled_from(["phone", "desktop"]),
        "minute": st.integers(NOON - 2, NOON + 2),
        "number": st.integers(0, 2**32 - 1),
        "reads": st.dictionaries(
            st.integers(WEEK - 5, WEEK + 1).map(str), st.integers(0, 5), max_size=3
        ),
        "views": st.lists(st.tuples(places, lately), max_size=5),
        "closed": st.dictionaries(places, lately, max_size=2),
        "arms": st.dictionaries(st.sampled_from("tu"), st.sampled_from("xyz"), max_size=1),
    },
    optional={"gave": lately, "later": lately, "edge": countries},
)


@pytest.fixture(scope="module")
def script(browser: Browser):
    page = browser.new_page()
    page.goto("about:blank")
    source = (PARTS / "choosing.js").read_text() + ";globalThis.choose = choose"
    page.add_script_tag(type="module", content=source)
    page.wait_for_function("typeof globalThis.choose === 'function'")  # itself it would be called
    yield page
    page.close()


def by_the_browser(page: Page, asks: dict, place: str, reader: dict):
    ask = "([asks, place, reader]) => { const it = choose(asks, place, reader);"
    return page.evaluate(ask + "return [it.id, it.met] }", [asks, place, reader])


def by_the_preview(asks: dict, place: str, reader: dict):
    choice = choose(asks, place, reader)
    return [choice.message, list(choice.met)]


def test_the_table(script: Page):
    for name, (rule, reader, is_shown) in CASES.items():
        asks = ASKS | {"rules": [RULE | rule]}
        shown = by_the_browser(script, asks, "banner", READER | reader)
        assert shown == ["plain" if is_shown else "", []], name


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asks=lists, place=places, reader=readers)
def test_whatever_the_rules_and_whoever_reads(script: Page, asks, place, reader):
    assert by_the_browser(script, asks, place, reader) == by_the_preview(asks, place, reader)
