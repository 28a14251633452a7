"""Without JavaScript, and while stolen cards are tried: a link by mail comes before the bank."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tamizdat.funding import confirming, letters, purging
from tamizdat.funding.models import Confirmation, Letter, Supporter
from tamizdat.payments import breaking
from tamizdat.payments.models import Charge
from tests.demo_bank.nowhere import EMPTY
from tests.funding.test_checkout import fields, press, through_the_bank
from tests.funding.working import solved

pytestmark = pytest.mark.usefixtures("newsroom", "nowhere")


def press_without_script(client, **changes):
    return press(client, **({"proof": ""} | changes))


def link():
    """That of the newest mail, once the worker has sent it."""
    letters.send_waiting(now=timezone.now())
    return re.search(r"/confirm/\S+/", mail.outbox[-1].body)[0]


def thanks():
    return f"/thanks/{Charge.objects.get().reference}/"


def test_the_bank_is_opened_from_the_mail_and_not_before(client, nowhere):
    page = client.get(press_without_script(client).url).content.decode()
    assert "Look in your mail" in page
    assert nowhere.bank.payments() == []

    shown = client.get(link()).content.decode()
    assert "$5 each month" in shown
    assert nowhere.bank.payments() == []

    through_the_bank(client, nowhere, client.post(link_of_last()))
    assert Charge.objects.get().state == "succeeded"


def link_of_last():
    return re.search(r"/confirm/\S+/", mail.outbox[-1].body)[0]


def test_the_mail_names_no_outlet_and_no_sum_in_its_subject(client):
    press_without_script(client)
    link()

    assert mail.outbox[-1].subject == "One more step"
    assert mail.outbox[-1].to == ["ana@example.org"]


def test_the_link_works_once_and_pressed_twice_leads_to_the_same_page(client, nowhere):
    press_without_script(client)
    address = link()

    first, second = client.post(address), client.post(address)
    assert first.url == second.url
    nowhere.bank.leave(nowhere.bank.payments()[0]["id"])
    client.get(thanks())

    assert client.post(address).url == client.get(address).url == thanks()
    assert len(nowhere.bank.payments()) == 1


def test_after_a_day_the_link_is_too_old(client):
    press_without_script(client)
    charge = Charge.objects.get()
    token = confirming.token_for(charge, now=timezone.now() - timedelta(hours=25))

    assert client.get(f"/confirm/{token}/").status_code == 404


@pytest.mark.parametrize("token", ["x", "WyJhIiwiYiJd:abc"])
def test_a_link_that_is_not_ours_opens_nothing(client, token):
    assert client.post(f"/confirm/{token}/").status_code == 404


def test_who_wants_to_give_once_is_asked_for_an_address(client):
    answer = press_without_script(client, interval="once", address="")

    assert answer.status_code == 422
    assert "Please leave an address" in answer.content.decode()
    assert not Charge.objects.exists()


def test_confirmed_another_card_may_be_tried_without_another_mail(client, nowhere):
    press_without_script(client)
    page = through_the_bank(client, nowhere, client.post(link()), EMPTY).content.decode()
    assert "not enough money" in page

    through_the_bank(client, nowhere, client.post(thanks()))

    assert Charge.objects.get().state == "succeeded"
    assert [letter.kind for letter in Letter.objects.all()] == ["receipt"]


def test_work_that_went_stale_is_asked_for_once_more_and_nothing_is_lost(client, nowhere):
    answer = press(client, proof="stale~1")
    page = answer.content.decode()

    assert (answer.status_code, Charge.objects.count()) == (422, 0)
    assert "do its little sum once more" in page
    assert 'value="ana@example.org"' in page
    reference = re.search(r'name="reference" value="([^"]+)"', page)[1]
    again = press(client, reference=reference, proof=solved(page))
    assert again.url.startswith("http://bank.test/")


def test_declined_with_javascript_work_is_asked_for_again(client, nowhere):
    through_the_bank(client, nowhere, press(client), EMPTY)

    assert client.post(thanks()).url == thanks()
    assert "Look in your mail" in client.get(thanks()).content.decode()
    assert len(nowhere.bank.payments()) == 1


def test_while_it_is_off_the_page_says_so_and_the_mail_comes_when_it_is_on(client, nowhere):
    breaking.turn_off("demo-bank", now=timezone.now())
    assert "Turned off for a while: Card, Wallet" in client.get("/checkout/").content.decode()

    page = client.get(press(client).url).content.decode()
    assert "As soon as it is on again we mail you" in page
    letters.send_waiting(now=timezone.now())
    assert mail.outbox == []

    breaking.turn_on("demo-bank", now=timezone.now())
    assert client.post(link()).url.startswith("http://bank.test/")


def test_a_link_that_is_pressed_while_it_is_off_stays_good(client, nowhere):
    press_without_script(client)
    address = link()
    breaking.turn_off("demo-bank", now=timezone.now())

    assert "turned off for a while" in client.get(address).content.decode()
    assert client.post(address).status_code == 409
    breaking.turn_on("demo-bank", now=timezone.now())

    assert client.post(address).url.startswith("http://bank.test/")


def test_who_never_confirms_is_forgotten_like_all_who_never_paid(client):
    press_without_script(client)
    later = timezone.now() + timedelta(days=8)

    purging.forget_unpaid(now=later)
    letters.send_waiting(now=later)
    confirming.forget(now=later)

    assert not Supporter.objects.exclude(address_index=None).exists()
    assert not Confirmation.objects.exists()


def test_the_bank_that_does_not_answer_can_be_asked_again_with_the_same_link(client, nowhere):
    press_without_script(client)
    address = link()
    nowhere.bank.dial.break_before = 1

    assert "The bank does not answer" in client.post(address).content.decode()
    assert client.post(address).url.startswith("http://bank.test/")


@pytest.mark.parametrize("language", ["ru", "fa"])
def test_in_every_language(client, language):
    words = fields(client) | {"proof": ""}
    client.post(f"/{language}/checkout/", words)

    assert client.get(f"/{language}{link().removeprefix(f'/{language}')}").status_code == 200
    assert mail.outbox[-1].subject != "One more step"
