"""What a subscriber reads: whole stories, the same in HTML and in plain text."""

import re

import pytest
from django.utils import translation
from wagtail.models import Locale, Page

from tamizdat.appeals.models import Asking, Message
from tamizdat.newsletters import composing
from tests.newsletters.making import a_story, an_issue
from tests.theme.site import make_paper

pytestmark = pytest.mark.usefixtures("newsroom")
LOADS = re.compile(r"<(img|script|iframe|link|video|audio|object|source)|url\(|\ssrc=|@import")


def test_stories_come_whole_and_in_the_order_of_the_desk():
    first, second = a_story("Fog"), a_story("Salt")
    written = composing.write(an_issue(second, first, intro="<p>Dear <b>readers</b>,</p>"))

    for half in (written.html, written.text):
        assert half.index("readers") < half.index("Salt") < half.index("Fog")
        assert half.count("http://localhost:8000/harbour/") >= 2
    assert written.html.count("Lamps go out at <b>nine</b>.") == 2
    assert written.text.count("Lamps go out at nine.") == 2


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_a_story_with_every_block_loads_nothing_and_counts_nobody(language):
    paper = make_paper(languages=[language])[language]
    paper.story.body = paper.everything.body
    paper.story.save_revision().publish()
    written = composing.write(an_issue(paper.story, language=language))

    assert not LOADS.search(written.html)
    assert not re.search(r"[?&](utm_|ref=|mc_)", written.html)
    hosts = set(re.findall(r'href="https?://([^/"]+)', written.html))
    assert "localhost:8000" in hosts
    assert not re.search(r"<[a-z]+[ >]", written.text)


def test_persian_runs_from_right_to_left():
    written = composing.write(an_issue(language="fa"))

    assert '<html lang="fa" dir="rtl">' in written.html
    assert "margin-left" not in written.html


def test_the_ask_is_the_one_that_is_on_and_leads_to_the_sum_it_names():
    written = composing.write(an_issue(language="ru"))

    for half in (written.html.replace("&amp;", "&"), written.text):
        assert "http://localhost:8000/ru/checkout/?amount=5&currency=USD&interval=month" in half
    assert "{" not in written.text


@pytest.mark.parametrize("placement", ["ask", "newsletter"])
def test_a_gift_that_a_newsletter_led_to_is_counted_with_its_message(placement, client):
    message = Message.objects.get(placement="ask", locale__language_code="en")
    Message.objects.filter(pk=message.pk).update(placement=placement)
    link = re.search(r"http://localhost:8000(/checkout/\S+)", composing.write(an_issue()).text)[1]

    assert f"appeal={message.key}" in link
    assert f'name="appeal" value="{message.key}"' in client.get(link).content.decode()


def test_a_message_for_newsletters_takes_the_place_of_the_ask():
    Message.objects.create(
        placement="newsletter",
        locale=Locale.objects.get(language_code="en"),
        text="You read this because others pay for the paper.",
        button="Join them",
        is_standing=True,
    )
    written = composing.write(an_issue())

    assert "Join them:" in written.text
    assert "others pay for the paper" in written.html
    assert "We have a small thing to ask" not in written.text


def test_beside_a_sensitive_story_nobody_is_asked():
    written = composing.write(an_issue(a_story(), a_story("Grief", is_sensitive=True)))

    assert "checkout" not in written.html + written.text


def test_where_asking_is_turned_off_no_newsletter_asks():
    Asking.objects.update(is_off=True)
    written = composing.write(an_issue())

    assert "checkout" not in written.html + written.text
    assert "We have a small thing to ask" not in written.html + written.text


@pytest.fixture
def wary(newsroom):
    asking = Asking.objects.get()
    asking.wary_in.set(list(Locale.objects.filter(language_code__in=["en", "fa"])))
    asking.save()


@pytest.mark.usefixtures("wary")
@pytest.mark.parametrize("language", ["en", "fa"])
def test_in_a_wary_language_the_safety_notice_stands_where_an_ask_would(language):
    notice = Message.objects.get(placement="safety", locale__language_code=language)
    written = composing.write(an_issue(language=language))

    for half in (written.html, written.text):
        assert notice.headline in half
        assert "checkout" not in half
        assert 'class="go"' not in half
    assert "{outlet}" not in written.text


@pytest.mark.usefixtures("wary")
def test_in_a_language_that_is_not_wary_it_asks():
    assert "checkout" in composing.write(an_issue(language="ru")).text


@pytest.mark.usefixtures("wary")
@pytest.mark.parametrize("change", [{"is_on": False}, {"countries": "BY"}])
def test_a_wary_language_without_a_notice_for_everyone_says_nothing_of_gifts(change):
    Message.objects.filter(placement="safety").update(**change)
    written = composing.write(an_issue())

    assert "checkout" not in written.html + written.text
    assert "Please do not give" not in written.text


def test_an_editor_may_leave_the_ask_out():
    assert "checkout" not in composing.write(an_issue(asks=False)).text


@pytest.mark.parametrize("is_there", [True, False])
def test_what_is_not_published_cannot_go(is_there):
    issue = an_issue()
    Page.objects.filter(slug="the-harbour-at-night").update(live=False)
    if not is_there:
        issue.picks.all().delete()

    with pytest.raises(composing.CannotGo):
        composing.write(issue)


def test_a_preview_is_the_mail_itself():
    issue = an_issue()
    html = issue.serve_preview(None, "html").content.decode()
    text = issue.serve_preview(None, "text").content.decode()

    assert "Lamps go out at <b>nine</b>." in html
    assert "Lamps go out at nine." in text
    assert composing.LEAVE not in html + text


def test_words_around_the_stories_are_in_the_language_of_the_issue():
    with translation.override("en"):
        written = composing.write(an_issue(language="ru"))

    assert "Что мы о вас храним" in written.html
    assert "What we keep" not in written.html
