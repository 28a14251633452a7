"""Gifts from a site of ours that is not baked: where they came from, and the way back."""

import re

import pytest
from django.test import override_settings

from tamizdat.appeals.models import Reminder
from tamizdat.funding.addresses import page_elsewhere, page_of_ours
from tamizdat.funding.models import Contribution
from tests.funding.test_checkout import press, through_the_bank

OTHER = "https://blog.example"
PAGE = f"{OTHER}/ferry/"
pytestmark = pytest.mark.usefixtures("newsroom", "nowhere")


@pytest.fixture(autouse=True)
def other_site():
    with override_settings(ASKS_ON=[OTHER]):
        yield


@pytest.mark.parametrize(
    ("said", "elsewhere"),
    [
        (f"{OTHER}/2026/ferry/?p=7", f"{OTHER}/2026/ferry/?p=7"),
        (f"{OTHER}/ferry/#comments", f"{OTHER}/ferry/"),
        (OTHER, ""),
        ("https://blog.example.evil.example/", ""),
        ("https://blog.example@evil.example/", ""),
        ("http://blog.example/", ""),
        ("javascript:alert(1)", ""),
        (f"{OTHER}/{'a' * 200}", ""),
        ("/harbour/ferry/", ""),
        ("", ""),
    ],
)
def test_only_a_page_of_a_site_that_we_named_leads_back(said, elsewhere):
    assert page_elsewhere(said) == elsewhere
    assert page_of_ours(said) == (said if said.startswith("/") else elsewhere)


def test_nothing_leads_to_the_site_of_somebody_else():
    assert page_of_ours("//evil.example/") == ""


def test_the_gift_notes_the_page_and_its_thanks_lead_back_there(client, nowhere):
    page = client.get("/checkout/", {"from": PAGE, "interval": "once"}).content.decode()
    assert f'<input type="hidden" name="source_page" value="{PAGE}">' in page

    thanks = through_the_bank(client, nowhere, press(client, interval="once", source_page=PAGE))

    assert Contribution.objects.get().source_page == PAGE
    assert f'href="{PAGE}#gave"' in thanks.content.decode()


def test_from_a_page_of_the_baked_site_they_lead_to_its_front_as_ever(client, nowhere):
    thanks = through_the_bank(client, nowhere, press(client, interval="once", source_page="/a/b/"))

    assert 'href="/#gave"' in thanks.content.decode()


def test_a_reminder_leads_back_and_keeps_nothing_of_the_page(client):
    asked = client.get("/remind/", {"from": PAGE}).content.decode()
    assert f'<input type="hidden" name="from" value="{PAGE}">' in asked
    month = re.search(r'name="month" value="([0-9-]+)"', asked)[1]

    kept = client.post(
        "/remind/", {"address": "a@b.example", "month": month, "from": PAGE}, follow=True
    )

    assert f'href="{PAGE}#later"' in kept.content.decode()
    assert OTHER not in str(vars(Reminder.objects.get()))
