"""What the banner and the ask put on a page."""

import re

import pytest
from django.template import engines
from django.utils.translation import override

from tamizdat.appeals.models import Asking, Message
from tamizdat.funding.models import AmountLadder
from tamizdat.outlet.models import Masthead
from tamizdat.payments.providers import registry
from tamizdat.stories.models import Front, Section, Story

pytestmark = pytest.mark.usefixtures("newsroom")


def render(source, language="en", **context):
    with override(language):
        return engines["jinja2"].from_string(source).render(context).strip()


@pytest.fixture
def story():
    front = Front.objects.get(locale__language_code="en")
    section = front.add_child(instance=Section(title="Harbour", slug="harbour"))
    return section.add_child(instance=Story(title="A lamp", slug="a-lamp"))


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_every_language_asks_in_its_own_words_and_names_the_outlet(language):
    Masthead.objects.update(name="The Lantern")
    banner, ask = render("{{ banner() }}", language), render("{{ giving_form() }}", language)

    assert "The Lantern" in banner
    assert "The Lantern" in ask
    assert "{" not in banner + ask
    english = render("{{ banner() }}") + render("{{ giving_form() }}")
    assert language == "en" or not set(_sentences(banner + ask)) & set(_sentences(english))


def _sentences(html):
    words = re.findall(r'>([^<>]{4,})<|aria-label="([^"]+)"', html)
    return [
        a or b for a, b in words if re.search("[A-Za-z]{3}", (a or b).replace("The Lantern", ""))
    ]


@pytest.mark.parametrize(
    ("language", "address"), [("en", "/give/"), ("ru", "/ru/give/"), ("fa", "/fa/give/")]
)
def test_the_banner_leads_to_the_static_page_about_giving(language, address):
    assert f'href="{address}#appeal=' in render("{{ banner() }}", language)


def test_a_message_that_is_off_leaves_nothing_on_the_page():
    Message.objects.update(is_on=False)

    assert render("{{ banner() }}{{ giving_form() }}") == ""


def test_a_sensitive_story_asks_for_nothing_and_keeps_a_place_for_a_soft_word(story):
    story.is_sensitive = True

    assert render("{{ banner(page) }}", page=story) == ""
    assert render("{{ ask(page) }}", page=story) == "<section class=ask hidden></section>"


def test_a_soft_message_stands_under_a_sensitive_story(story):
    story.is_sensitive = True
    Message.objects.update(is_soft=True)

    assert "<form" in render("{{ ask(page) }}", page=story)


def test_when_we_ask_nowhere_the_page_about_giving_still_takes_gifts(story):
    Asking.objects.update(is_off=True)

    assert render("{{ banner() }}") == ""
    assert "<form" not in render("{{ ask(page) }}", page=story)
    assert "<form" in render("{{ giving_form() }}")


def test_a_message_may_propose_amounts_of_its_own():
    Message.objects.filter(placement="ask").update(presets="4, 9, 999999")

    ask = render("{{ giving_form() }}")
    assert re.findall(r"value=(\d+)( checked)?><span>", ask) == [("4", ""), ("9", " checked")]


def test_the_ask_tells_the_checkout_only_the_path_of_its_story_and_itself(story):
    ask = render("{{ ask(page) }}", page=story)

    hidden = dict(re.findall(r'type=hidden name=(\w+) value="?([^">]*)', ask))
    key = Message.objects.get(placement="ask", locale__language_code="en").key
    gift = {"currency": "USD", "interval": "month"}
    assert hidden == gift | {"from": "/harbour/a-lamp/", "appeal": key}


def test_the_button_names_each_amount_in_the_order_of_the_radios():
    ask = render("{{ giving_form() }}")

    labels = re.findall(r"<label>.*?<span>(.*?)</span></label>", ask)
    button = re.findall("<button class=go>(.*?)</button>", ask)[0]
    spans = re.findall(r"<span>(.*?)</span>", button)
    assert spans == ["Give each month", *(f"Give {label} a month" for label in labels)]
    assert f"from {labels[0]}" in ask
    assert ask.count(" checked") == 1


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_the_amounts_are_of_the_currency_of_the_masthead(currency):
    Masthead.objects.update(currency=currency)
    ask = render("{{ giving_form() }}")

    assert f"name=currency value={currency}" in ask
    assert ("€" in ask, "$" in ask) == (currency == "EUR", currency == "USD")


def test_from_is_the_smallest_preset_whatever_the_revenue_lead_sets():
    AmountLadder.objects.filter(currency="USD", interval="month").update(
        presets_minor=[300, 700], proposed_minor=700
    )
    ask = render("{{ giving_form() }}")

    assert "from $3" in ask
    assert re.findall(r"value=(\d+)( checked)?><span>", ask) == [("3", ""), ("7", " checked")]


def test_a_currency_without_amounts_asks_in_another():
    Masthead.objects.update(currency="JPY")
    currency = re.search("name=currency value=([A-Z]{3})", render("{{ giving_form() }}"))[1]

    assert currency in AmountLadder.objects.currencies()


def test_a_paper_without_amounts_does_not_ask():
    AmountLadder.objects.all().delete()

    assert render("{{ giving_form() }}") == ""


def test_an_ask_marks_the_ways_to_pay_that_some_provider_takes(monkeypatch):
    monkeypatch.setattr(registry, "_providers", {})
    assert "class=ways" not in render("{{ giving_form() }}")

    class Till:
        code, methods, currencies = "till", ("card", "transfer"), {"USD"}
        keeps_instruments = True

    registry.register(Till())
    assert "<small class=ways><b>Card</b> <b>Bank transfer</b> </small>" in render(
        "{{ giving_form() }}"
    )


def test_what_an_editor_writes_is_text_and_not_html():
    Message.objects.filter(placement="banner").update(text="<b onclick=x>Read</b>")

    assert "&lt;b onclick=x&gt;" in render("{{ banner() }}")
