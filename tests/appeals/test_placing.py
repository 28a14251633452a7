"""Where fees eat small gifts, an ask that browsers choose offers a year at once."""

import html
import re

import pytest
from django.utils.translation import override

from tamizdat.appeals.models import Message
from tamizdat.funding.models import AmountLadder
from tamizdat.theme.facts.surrounds import html_of
from tests.payments.banks import nowhere  # noqa: F401

pytestmark = pytest.mark.usefixtures("newsroom", "nowhere")


def shown(language="en", **changes):
    message = Message.objects.get(placement="ask", locale__language_code=language)
    for name, value in ({"is_standing": False} | changes).items():
        setattr(message, name, value)
    with override(language):
        return html_of(message, path="/harbour/ferry-ledger/")


def year_in(page):
    """Where the year at once leads."""
    found = re.search(r'href="([^"]*interval=year[^"]*)"', page)
    return html.unescape(found[1]) if found else ""


def test_it_is_the_smallest_amount_and_keeps_the_message_and_the_page(client):
    page = shown()
    key = Message.objects.get(placement="ask", locale__language_code="en").key

    assert "Or $24 once a year" in page
    assert f"appeal={key}" in year_in(page)
    form = client.get(re.sub(r"^https?://[^/]+", "", year_in(page))).content.decode()
    assert 'name="interval" value="year"' in form
    assert 'value="24"' in form
    assert 'name="source_page" value="/harbour/ferry-ledger/"' in form


def test_where_the_smallest_gift_loses_little_nothing_is_offered():
    AmountLadder.objects.filter(interval="month").update(presets_minor=[2_000, 5_000])

    assert not year_in(shown())


def test_nor_where_no_year_can_be_given():
    AmountLadder.objects.filter(interval="year").delete()

    assert not year_in(shown())


def test_nor_in_the_page_itself_which_has_no_room_for_it():
    assert not year_in(shown(is_standing=True))
