"""Another card for a pledge, from the supporter's own page: kept by the rules, and charged next."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tamizdat.funding import access, cards, halting, letters, schedule, selfservice
from tamizdat.funding.halting import Scope
from tamizdat.funding.models import Letter, Pledge, RiskRule
from tamizdat.payments import keeping, settling
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import Attempt, Setup
from tests.demo_bank.nowhere import ASKS, RUSSIAN, TIRES, WORKS
from tests.funding.givers import at, pledge_of
from tests.payments.banks import at_each_of_cards

pytestmark = pytest.mark.usefixtures("newsroom")
START, NEXT = at(2027, 1, 31), at(2027, 2, 28)


def name_another(nowhere, pledge, number=WORKS, *, now=START, meanwhile=lambda: None):
    """The reader goes to the bank, names a card there, and comes back."""
    nowhere.pay(cards.begin(pledge, language="en", now=now).url, number)
    meanwhile()
    setup = keeping.resolve(Setup.objects.get(pledge=pledge), now=now)
    pledge.refresh_from_db()
    return setup


@at_each_of_cards
def test_the_new_card_is_charged_next_and_the_old_one_never_again(nowhere):
    pledge = pledge_of(nowhere, now=START)
    old = pledge.instrument

    name_another(nowhere, pledge, TIRES)
    assert len(nowhere.money_taken()) == 1

    old.refresh_from_db()
    assert (old.state, pledge.instrument.issuer_country) == ("revoked", "NL")
    schedule.charge_due(now=NEXT)
    assert Attempt.objects.latest("pk").instrument == pledge.instrument


def test_it_is_confirmed_by_a_mail(nowhere):
    pledge = pledge_of(nowhere, now=START)
    Letter.objects.all().delete()

    name_another(nowhere, pledge)

    assert [letter.kind for letter in Letter.objects.all()] == ["card"]


def test_that_the_old_one_will_expire_is_told_no_more(nowhere):
    pledge = pledge_of(nowhere, now=START)
    Letter.objects.write(Letter.Kind.EXPIRING, pledge.supporter, pledge=pledge, at=START)

    name_another(nowhere, pledge)

    assert not Letter.objects.filter(kind="expiring").exists()


def test_a_card_of_a_forbidden_country_is_not_kept_and_the_gift_goes_on(nowhere):
    RiskRule.objects.create(country="RU", action="never", interval="any", starts_on=START.date())
    pledge = pledge_of(nowhere, now=START)
    old = pledge.instrument

    setup = name_another(nowhere, pledge, RUSSIAN)

    assert (setup.state, setup.reason) == ("refused", "never_from_RU")
    assert (pledge.instrument, pledge.state) == (old, "active")


@pytest.mark.parametrize("scope", [Scope(country="NL"), Scope(provider="demo-bank"), Scope()])
def test_a_card_that_a_halt_forbids_meanwhile_is_not_kept(nowhere, scope):
    pledge = pledge_of(nowhere, now=START)

    setup = name_another(
        nowhere,
        pledge,
        TIRES,
        meanwhile=lambda: halting.halt(scope, reason="a new law", now=START),
    )

    assert setup.state == "refused"
    assert nowhere.still_possible() == []


def test_a_card_for_a_gift_that_was_stopped_meanwhile_is_not_kept(nowhere):
    pledge = pledge_of(nowhere, now=START)

    setup = name_another(nowhere, pledge, meanwhile=lambda: selfservice.stop(pledge, now=START))

    assert (setup.state, setup.reason) == ("refused", "pledge_ended")


@pytest.mark.parametrize("end", ["stopped", "lapsed", "halted"])
def test_what_has_ended_gets_no_other_card(nowhere, end):
    pledge = pledge_of(nowhere, now=START)
    pledge.move_to(end)

    with pytest.raises(WrongState):
        cards.begin(pledge, language="en", now=START)


def test_what_the_old_card_was_asked_for_does_not_end_the_gift_of_the_new(nowhere):
    pledge = pledge_of(nowhere, now=START)
    nowhere.bank.dial.break_before = 1
    schedule.charge_due(now=NEXT)  # the question is lost

    name_another(nowhere, pledge, TIRES, now=NEXT)
    settling.resolve_open(now=NEXT + timedelta(minutes=6))
    pledge.refresh_from_db()
    assert pledge.state == "active"
    nowhere.bank.dial.decline = 0
    with nowhere.bank._vaults.open() as db:
        db.execute("UPDATE tokens SET refusals_left = 0")
    schedule.charge_due(now=NEXT + timedelta(days=3))

    assert len(nowhere.money_taken()) == 2
    assert Attempt.objects.filter(reason="instrument_not_active").count() == 1


@pytest.mark.parametrize("answer", ["late", "pending"])
def test_what_the_old_card_paid_late_leaves_the_new_one_to_be_charged(nowhere, answer):
    pledge = pledge_of(nowhere, now=START)
    nowhere.bank.dial.turn(**{"break_after" if answer == "late" else "pend": 1})
    schedule.charge_due(now=NEXT)

    name_another(nowhere, pledge, now=NEXT)
    new = pledge.instrument
    for payment in nowhere.bank.payments():
        if payment["state"] == "pending":
            nowhere.bank.settle(payment["id"])
    settling.resolve_open(now=NEXT + timedelta(minutes=6))

    pledge.refresh_from_db()
    assert (pledge.instrument, pledge.instrument.state) == (new, "active")
    schedule.charge_due(now=at(2027, 3, 31))
    pledge.refresh_from_db()
    assert (pledge.state, len(nowhere.money_taken())) == ("active", 3)


def page_of(pledge):
    return f"/manage/{access.token_for(pledge.supporter, pledge, now=timezone.now())}/"


def test_from_the_page_in_the_mail_to_the_bank_and_back(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())

    at_the_bank = client.post(page_of(pledge), {"action": "card"}).url
    back = re.sub(r"^https?://[^/]+", "", nowhere.pay(at_the_bank, TIRES))
    page = client.get(back).content.decode()

    pledge.refresh_from_db()
    assert "Another card is kept" in page
    assert pledge.instrument.issuer_country == "NL"
    assert "/manage/" not in page.replace("/manage/card/", ""), "the bank knows this address"


def test_who_comes_back_without_naming_one_is_told_that_nothing_changed(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    at_the_bank = client.post(page_of(pledge), {"action": "card"}).url

    back = nowhere.reader().post(at_the_bank.removeprefix("http://bank.test"), data={"leave": "1"})
    page = client.get(re.sub(r"^https?://[^/]+", "", back.location)).content.decode()

    assert "Nothing is changed" in page
    assert "goes on as it was" in page


def test_whose_card_is_of_a_forbidden_country_reads_why(client, nowhere):
    RiskRule.objects.create(
        country="RU", action="never", interval="any", starts_on=timezone.now().date()
    )
    pledge = pledge_of(nowhere, now=timezone.now())
    at_the_bank = client.post(page_of(pledge), {"action": "card"}).url

    back = re.sub(r"^https?://[^/]+", "", nowhere.pay(at_the_bank, RUSSIAN))

    assert "Russia" in client.get(back).content.decode()


def test_a_page_that_waits_leads_back_to_the_bank(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    at_the_bank = client.post(page_of(pledge), {"action": "card"}).url
    nowhere.pay(at_the_bank, ASKS)  # and closes it at the question
    here = f"/manage/card/{Setup.objects.get().reference}/"

    assert "still waiting" in client.get(here).content.decode()
    assert client.post(here).url == at_the_bank


def test_no_mail_goes_out_about_a_halted_pledge(nowhere):
    pledge = pledge_of(nowhere, now=START)
    letters.send_waiting(now=START)
    halting.halt(Scope(), reason="a new law", now=START)

    assert not Letter.objects.filter(pledge=pledge).exists()


@pytest.mark.parametrize("nowhere", ["paypal"], indirect=True)
def test_where_nothing_is_kept_without_a_gift_the_page_says_how_to_give_from_another_account(
    client, nowhere
):
    now = timezone.now()
    pledge = pledge_of(nowhere, now=now)
    mine = f"/manage/{access.token_for(pledge.supporter, pledge, now=now)}/"
    page = client.get(mine).content.decode()
    assert "stop this gift, and then give again" in page
    assert 'value="card"' not in page

    client.post(mine, {"action": "stop"})
    onward = client.post(mine, {"action": "restart", "reference": "a" * 22}).url
    nowhere.pay(onward, TIRES)

    assert settling.resolve_open(now=now + timedelta(minutes=6))
    again = Pledge.objects.get(state="active")
    assert again.instrument.issuer_country == "NL"
    assert schedule.charge_due(now=now + timedelta(days=1)) == 0
