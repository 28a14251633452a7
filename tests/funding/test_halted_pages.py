"""What a reader is told while gifts are halted."""

import pytest
from django.utils import timezone

from tamizdat.funding import access, halting
from tamizdat.funding.halting import Scope
from tamizdat.funding.models import HaltOrder
from tamizdat.payments.models import Charge
from tests.demo_bank.nowhere import RUSSIAN
from tests.funding.givers import pledge_of
from tests.funding.test_checkout import press, through_the_bank

pytestmark = pytest.mark.usefixtures("newsroom", "nowhere")


def halt(**scope):
    return halting.halt(Scope(**scope), reason="a new law", now=timezone.now())


@pytest.mark.parametrize("scope", [{}, {"provider": "demo-bank"}])
def test_where_nothing_can_be_given_the_checkout_says_what_helps_instead(client, scope):
    halt(**scope)

    page = client.get("/checkout/").content.decode()

    assert "We take no gifts at the moment" in page
    assert "What helps instead" in page
    assert "<form" not in page


def test_a_form_that_was_open_before_the_halt_takes_nothing(client, nowhere):
    words = {"amount": "5", "currency": "USD", "interval": "month", "method": "card"}
    halt()

    page = client.post("/checkout/", words | {"address": "ana@example.org"}).content.decode()

    assert "We take no gifts at the moment" in page
    assert not Charge.objects.exists()


def test_of_two_providers_the_halted_one_is_refused_with_what_helps(client, nowhere, monkeypatch):
    monkeypatch.setattr(halting, "is_everything_halted", lambda: False)
    HaltOrder.objects.create(provider="demo-bank", ordered_at=timezone.now())

    answer = press(client)

    assert answer.status_code == 422
    assert "What helps instead" in answer.content.decode()
    assert nowhere.bank.payments() == []


def test_a_card_of_a_halted_country_is_told_what_helps_and_cannot_try_again(client, nowhere):
    halt(country="RU")

    page = through_the_bank(client, nowhere, press(client), card=RUSSIAN).content.decode()

    assert "Nothing was taken" in page
    assert "What helps instead" in page
    assert "Try again" not in page


def test_a_supporter_whose_pledge_was_halted_reads_so_on_their_page(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    halt(country="US")
    token = access.token_for(pledge.supporter, pledge, now=timezone.now())

    page = client.get(f"/manage/{token}/").content.decode()

    assert "We stopped it ourselves" in page
    assert "Stop this gift" not in page
    assert client.post(f"/manage/{token}/", {"action": "resume"}).status_code == 409


@pytest.mark.parametrize("prefix", ["/ru", "/fa"])
def test_it_is_said_in_every_language(client, prefix):
    halt()

    assert "We take no gifts" not in client.get(f"{prefix}/checkout/").content.decode()
