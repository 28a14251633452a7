"""What a reader is asked as they come back: from plain files, as on any mirror."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Browser, Page, Route, expect
from wagtail.models import Locale

from tamizdat.appeals.models import Arm, Asking, Experiment, Message
from tamizdat.config import founding
from tamizdat.editions import baking
from tamizdat.funding.models import RiskRule
from tamizdat.stories.models import Picture
from tests.conftest import NOON
from tests.patience import until
from tests.theme.serving import served
from tests.theme.site import drawing, make_paper

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
BANNER, ASK = "aside.banner", "article > section.ask"
REFUSED = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused') }})"
TWO_FRAMES = """new Promise(done =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"""
SHIFTS = """self.shifted = 0; self.moved = []; new PerformanceObserver(list =>
  list.getEntries().forEach(({value, sources}) => {
    self.shifted += value;
    for (const {node, previousRect: was, currentRect: is} of sources)
      self.moved.push(`${node?.nodeName}.${node?.className}: ${was.top} to ${is.top}`);
  })
).observe({type: "layout-shift", buffered: true})"""


@dataclass
class Site:
    root: str
    paths: dict[str, str]
    posted: list[bytes]

    def at(self, name: str) -> str:
        return self.root + quote(self.paths[name], safe="/%")

    def last_post(self) -> Any:
        """What a browser that has gone elsewhere told us."""
        return json.loads(until(lambda: self.posted.pop() if self.posted else None, what="a post"))


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Site]:
    """English asks as founded, in France twice over, in Italy at length; Russian tries two banners,
    Persian is wary of the unknown."""
    folder = tmp_path_factory.mktemp("asking")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(settings, "SITE_ROOT", folder)
        founding.found()
        papers = make_paper()
        sensitive = papers["en"].section.get_children().specific()[1]
        sensitive.is_sensitive = True
        sensitive.save_revision().publish()
        RiskRule.objects.create(country="BY", action="never", starts_on=NOON.date())
        _try_two_banners()
        _try_small_sums()
        _ask_at_length()
        asking = Asking.objects.get()
        asking.wary_in.add(Locale.objects.get(language_code="fa"))
        asking.save()
        paths = {code: paper.story.url for code, paper in papers.items()}
        paths |= {"front": "/", "give": "/give/", "sensitive": sensitive.url}
        baking.bake(now=NOON, workers=1)
        transaction.set_rollback(True)
    posted: list[bytes] = []
    with served(folder, posted) as root:
        yield Site(root, paths, posted)


def _try_two_banners() -> None:
    experiment = Experiment.objects.create(key="words", name="Which words?")
    locale = Locale.objects.get(language_code="ru")
    for name in "ab":
        arm = Arm.objects.create(experiment=experiment, name=name)
        words = {"text": f"Слова {name}", "button": "Поддержать", "priority": 5}
        Message.objects.create(placement="banner", locale=locale, arm=arm, **words)
    experiment.begin(now=NOON)


def _try_small_sums() -> None:
    experiment = Experiment.objects.create(key="sums", name="How small?")
    locale = Locale.objects.get(language_code="en")
    words = {"headline": "A small thing", "text": "Small.", "button": "Give {amount} a month"}
    for name, presets in (("a", "1, 2, 3"), ("b", "1, 3, 5")):
        arm = Arm.objects.create(experiment=experiment, name=name)
        where = {"placement": "ask", "locale": locale, "arm": arm, "countries": "FR"}
        Message.objects.create(presets=presets, **where, **words)
    experiment.begin(now=NOON)


def _ask_at_length() -> None:
    picture = Picture.objects.create(title="A lamp", file=drawing(), description="A lamp at sea")
    words = {"headline": "The winter campaign", "text": "Until spring.", "button": "Support us"}
    where = {"placement": "banner", "countries": "IT", "priority": 5}
    english = Locale.objects.get(language_code="en")
    Message.objects.create(is_large=True, picture=picture, locale=english, **where, **words)


@contextmanager
def someone(browser: Browser, days: int = 0, **options: Any) -> Iterator[Page]:
    """A reader with a browser of their own, on the day of the edition or so many days later."""
    how = {"timezone_id": "Europe/Berlin", "viewport": {"width": 1280, "height": 800}} | options
    with browser.new_context(**how) as context:
        page = context.new_page()
        page.clock.set_fixed_time(NOON + timedelta(days=days))
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        assert complaints == []
        assert context.cookies() == []


def kept(page: Page) -> dict[str, Any]:
    return json.loads(page.evaluate("localStorage.asks ?? '{}'"))


def shown(page: Page, address: str) -> bool:
    """Open a page; whether its banner came, once the script has decided."""
    with page.expect_response("**/appeals/*.json"):
        page.goto(address)
    page.wait_for_load_state("networkidle")
    return page.locator(BANNER).is_visible()


def later(page: Page, days: int) -> None:
    page.clock.set_fixed_time(NOON + timedelta(days=days))


def test_the_banner_comes_four_times_in_thirty_days_and_then_not(browser, site):
    with someone(browser) as page:
        assert [shown(page, site.at("en")) for _ in range(6)] == [True] * 4 + [False] * 2
        later(page, 29)
        assert not shown(page, site.at("front"))
        later(page, 30)
        assert shown(page, site.at("front"))
        assert len(kept(page)["views"]) == 5
        assert sum(kept(page)["reads"].values()) == 6


def test_a_banner_that_was_closed_stays_away_for_a_fortnight(browser, site):
    with someone(browser) as page:
        assert shown(page, site.at("front"))
        page.get_by_role("button", name="Close").click()
        expect(page.locator(BANNER)).to_have_count(0)
        later(page, 13)
        assert not shown(page, site.at("en"))
        later(page, 14)
        assert shown(page, site.at("en"))


@pytest.mark.parametrize(("did", "days"), [("gave", 90), ("later", 31)])
def test_who_gave_or_wants_to_be_reminded_is_left_in_peace(browser, site, did, days):
    with someone(browser) as page:
        assert not shown(page, f"{site.at('front')}#{did}")
        assert page.url == site.at("front")
        assert not shown(page, site.at("en"))
        expect(page.locator(f"{ASK} form")).to_be_hidden()
        later(page, days)
        assert shown(page, site.at("en"))
        expect(page.locator(f"{ASK} form")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "zone"), [("en", "Europe/Minsk"), ("fa", "UTC"), ("fa", "Europe/Minsk")]
)
def test_where_giving_endangers_a_safety_notice_stands_in_place_of_what_asks(
    browser, site, inspect, language, zone
):
    with someone(browser, timezone_id=zone) as page:
        assert shown(page, site.at(language))
        expect(page.locator(f"{BANNER} a")).to_have_attribute(
            "href", r"/fa/give/#safe" if language == "fa" else "/give/#safe"
        )
        page.locator(ASK).scroll_into_view_if_needed()
        expect(page.locator(ASK)).to_be_visible()
        expect(page.locator("form")).to_have_count(0)
        inspect(page, f"asking-safety-{language}")


@pytest.mark.parametrize(
    ("language", "said", "is_warned"),
    [("en", "BY", True), ("en", "DE", False), ("en", "XX", False), ("fa", "DE", True)],
)
def test_what_the_server_says_of_the_country_is_heeded_too(
    browser, site, language, said, is_warned
):
    with someone(browser, timezone_id="UTC") as page:

        def say(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, headers=answer.headers | {"X-Country": said})

        page.route(f"**/appeals/{language}.json", say)
        assert shown(page, site.at(language))
        assert (page.locator(f"{BANNER} a[href$='/give/#safe']").count() == 1) == is_warned


def test_in_a_language_that_is_not_wary_the_unknown_are_asked(browser, site):
    with someone(browser, timezone_id="UTC") as page:
        assert shown(page, site.at("en"))
        expect(page.locator(f"{ASK} form")).to_have_count(1)


@pytest.mark.parametrize(("language", "asks"), [("en", True), ("ru", True), ("fa", False)])
def test_without_javascript_the_page_itself_asks_or_warns(browser, site, language, asks):
    with someone(browser, java_script_enabled=False, timezone_id="Europe/Minsk") as page:
        page.goto(site.at(language))
        expect(page.locator(BANNER)).to_be_in_viewport()
        expect(page.locator(ASK)).to_be_visible()
        expect(page.locator("form:visible")).to_have_count(int(asks))
        expect(page.locator(f"{BANNER} a[href*=appeal]")).to_have_count(int(asks))
        expect(page.locator(f"{BANNER} button")).to_have_count(0)


def test_where_storage_is_refused_the_choice_still_works_and_nothing_is_counted(browser, site):
    with someone(browser) as page:
        page.add_init_script(REFUSED)
        assert [shown(page, site.at("ru")) for _ in range(5)] == [True] * 5
        page.goto("about:blank")
    assert site.posted == []


@pytest.mark.parametrize(("language", "asks"), [("en", True), ("fa", False)])
def test_where_the_list_cannot_be_had_the_page_itself_asks_or_warns(browser, site, language, asks):
    with someone(browser, timezone_id="Europe/Minsk") as page:
        page.route("**/appeals/*.json", lambda route: route.abort())
        page.goto(site.at(language))
        expect(page.locator(BANNER)).to_be_visible()
        expect(page.locator(ASK)).to_be_visible()
        expect(page.locator("form")).to_have_count(int(asks))
        expect(page.locator(f"{BANNER} a[href*=appeal]")).to_have_count(int(asks))


def test_in_a_wary_language_who_is_known_to_be_safe_is_asked(browser, site):
    with someone(browser) as page:
        assert shown(page, site.at("fa"))
        expect(page.locator(f"{BANNER} a[href*=appeal]")).to_have_count(1)
        expect(page.locator(f"{ASK} form")).to_have_count(1)


def test_the_notice_that_the_page_brought_is_not_asked_for_again(browser, site):
    with someone(browser, timezone_id="UTC") as page:
        page.route("**/appeals/fa/*.html", lambda route: route.abort())
        assert shown(page, site.at("fa"))
        expect(page.locator(ASK)).to_be_visible()


@pytest.mark.parametrize("zone", ["Europe/Minsk", "Europe/Berlin"])
def test_where_a_message_cannot_be_had_whoever_is_in_danger_is_not_asked(browser, site, zone):
    with someone(browser, timezone_id=zone) as page:
        page.route("**/appeals/*/*.html", lambda route: route.abort())
        is_there = shown(page, site.at("en"))
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.evaluate(TWO_FRAMES)

        assert is_there == (zone == "Europe/Berlin")  # the page's own banner is for them
        expect(page.locator("form:visible")).to_have_count(int(is_there))


def test_strange_things_in_the_storage_are_as_good_as_none(browser, site):
    with someone(browser, timezone_id="Europe/Minsk") as page:
        page.add_init_script("""localStorage.asks = '{"views":5,"reads":null,"arms":"b"}'""")
        assert shown(page, site.at("en"))
        expect(page.locator(f"{BANNER} a")).to_have_attribute("href", "/give/#safe")


@pytest.mark.parametrize("zone", ["Etc/GMT-3", "Etc/UTC"])
def test_a_clock_that_names_no_place_is_not_known(browser, site, zone):
    with someone(browser, timezone_id=zone) as page:
        assert shown(page, site.at("fa"))
        expect(page.locator(f"{BANNER} a")).to_have_attribute("href", "/fa/give/#safe")


def test_a_sensitive_story_asks_for_nothing(browser, site):
    with someone(browser) as page:
        assert not shown(page, site.at("sensitive"))
        expect(page.locator("form")).to_have_count(0)


def test_an_experiment_is_met_once_and_counted_without_a_name(browser, site):
    with someone(browser) as page:
        assert shown(page, site.at("ru"))
        words = page.locator(f"{BANNER} span").inner_text()
        arm = words[-1]
        assert kept(page)["arms"] == {"words": arm}
        once = {"met": 1, "view": 1, "close": 0, "click": 0}
        page.goto("about:blank")
        assert site.last_post() == {"words": {arm: once}}

        assert shown(page, site.at("ru"))
        assert page.locator(f"{BANNER} span").inner_text() == words
        page.get_by_role("button", name="Закрыть").click()
        again = {"met": 0, "view": 1, "close": 1, "click": 0}
        page.goto("about:blank")
        assert site.last_post() == {"words": {arm: again}}


def test_arms_are_drawn_by_the_number_of_the_browser(browser, site):
    seen = set()
    for number in range(12):
        with someone(browser) as page:
            page.add_init_script(f"localStorage.asks ??= '{{\"number\": {number}}}'")
            shown(page, site.at("ru"))
            seen.add(page.locator(f"{BANNER} span").inner_text())
    assert seen == {"Слова a", "Слова b"}


def test_a_gift_carries_the_message_and_the_arm_it_came_of(browser, site):
    with someone(browser) as page:
        shown(page, site.at("ru"))
        arm = kept(page)["arms"]["words"]
        page.locator(f"{BANNER} a").click()
        page.wait_for_url("**/give/#appeal=*")
        form = page.locator(".ask form")
        expect(form.locator("[name=arm]")).to_have_value(f"words.{arm}")
        expect(form.locator("[name=appeal]")).to_have_value(page.url.split("=")[1].split("&")[0])


def test_so_does_a_year_at_once(browser, site):
    with someone(browser, timezone_id="Europe/Paris") as page:
        shown(page, site.at("en"))
        link = page.locator(f"{ASK} a[href*='interval=year']").get_attribute("href")
        told = dict(parse_qsl(urlsplit(link).query))

        assert told["arm"] == f"sums.{kept(page)['arms']['sums']}"
        assert told["from"] == site.paths["en"]


def test_who_is_counted_in_no_arm_gives_in_none(browser, site):
    with someone(browser, timezone_id="Europe/Paris") as page:
        page.add_init_script(REFUSED)
        shown(page, site.at("en"))
        expect(page.locator(f"{ASK} [name=appeal]")).to_have_count(1)
        expect(page.locator(f"{ASK} [name=arm]")).to_have_count(0)


def test_who_will_be_reminded_has_not_pressed_the_button(browser, site):
    with someone(browser, timezone_id="Europe/Paris") as page:
        page.route("**/remind/**", lambda route: route.fulfill(body="later"))
        shown(page, site.at("en"))
        page.get_by_role("button", name="Remind me later").click()
        arm = kept(page)["arms"]["sums"]
        assert site.last_post()["sums"][arm]["click"] == 0


def test_one_link_makes_the_browser_forget(browser, site):
    with someone(browser) as page:
        shown(page, site.at("en"))
        assert kept(page) != {}
        page.goto(site.at("give"))
        page.get_by_role("link", name="Forget it").click()
        expect(page.get_by_text("Your browser keeps nothing of this any more.")).to_be_visible()
        assert kept(page) == {}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Minsk", "Europe/Rome"])
def test_nothing_moves_on_the_screen(browser, site, width, zone):
    screen = {"viewport": {"width": width, "height": 800}}
    with someone(browser, timezone_id=zone, **screen) as page:
        page.add_init_script(SHIFTS)
        for name in ("en", "front", "sensitive"):
            shown(page, site.at(name))
            if name != "sensitive":  # there its rule keeps it away
                expect(page.locator(BANNER)).to_be_visible()
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            page.evaluate(TWO_FRAMES)
            assert page.evaluate("self.shifted") == 0, (name, page.evaluate("self.moved"))


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_what_asks_can_be_read_by_everyone(
    browser, site, language, inspect: Callable[[Page, str], None]
):
    with someone(browser) as page:
        assert shown(page, site.at(language))
        inspect(page, f"asking-{language}")


def test_a_large_banner_has_a_headline_and_a_picture(
    browser, site, inspect: Callable[[Page, str], None]
):
    with someone(browser, timezone_id="Europe/Rome") as page:
        assert shown(page, site.at("en"))
        banner = page.locator(BANNER)
        expect(banner.get_by_text("The winter campaign")).to_be_visible()
        expect(banner.get_by_role("img", name="A lamp at sea")).to_be_visible()
        inspect(page, "asking-large")
