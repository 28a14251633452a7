"""Who may begin a gift at once, who is asked for a mailbox first, and which cards are not asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tamizdat.funding import confirming, giving, guarding, outcome, schedule
from tamizdat.funding.guarding import Step
from tamizdat.lib.money import Money
from tamizdat.payments import breaking
from tamizdat.payments.models import Attempt
from tests.conftest import NOON
from tests.demo_bank.nowhere import EMPTY, RUSSIAN, STOLEN, WORKS
from tests.funding.givers import give, pledge_of, wish
from tests.funding.test_proving import work
from tests.payments.banks import at_each, at_each_of_cards

pytestmark = pytest.mark.usefixtures("outlet")
MINUTE = timedelta(minutes=1)


def begin(nowhere, gift, *, proof=None, now=NOON):
    return guarding.begin(
        gift,
        provider=nowhere.provider.code,
        proof=work(gift.reference, now=now) if proof is None else proof,
        now=now,
    )


def confirmed(nowhere, gift, *, now=NOON):
    """Promised, and confirmed from its giver's mailbox."""
    charge = giving.promise(gift, now=now)
    confirming.ask(charge, provider=nowhere.provider.code, now=now)
    charge.confirmation.use(now=now)
    return charge


def reason_of(charge):
    return charge.latest_attempt.reason


def test_work_opens_the_gate(nowhere):
    assert begin(nowhere, wish()) is Step.GO
    assert begin(nowhere, wish("once", address="")) is Step.GO


def test_without_work_a_mailbox_is_asked_for(nowhere):
    assert begin(nowhere, wish(), proof="") is Step.MAIL
    assert begin(nowhere, wish("once", address=""), proof="") is Step.ADDRESS


def test_work_that_is_stale_is_asked_for_once_more(nowhere):
    assert begin(nowhere, wish(), proof="stale~1") is Step.WORK


def at_the_bank(nowhere, gift):
    charge = giving.promise(gift, now=NOON)
    giving.open_bank(charge, provider=nowhere.provider.code, language="en", now=NOON)


def test_pressed_twice_it_needs_no_more_work(nowhere):
    gift = wish()
    at_the_bank(nowhere, gift)
    assert begin(nowhere, gift, proof="") is Step.GO

    smaller = replace(gift, money=Money(200, "USD"))
    at_the_bank(nowhere, smaller)

    breaking.turn_off("demo-bank", now=NOON)
    assert begin(nowhere, smaller, proof="") is Step.GO


@pytest.mark.parametrize(
    "other",
    [
        {"money": Money(600, "USD")},
        {"interval": "year"},
        {"address": "beso@example.org"},
        {"mail_profile": "none"},
    ],
)
def test_whoever_chooses_otherwise_passes_the_gate_again(nowhere, other):
    gift = wish()
    at_the_bank(nowhere, gift)
    changed = replace(gift, **other)

    assert begin(nowhere, changed, proof="stale~1") is Step.WORK
    assert begin(nowhere, changed) is Step.GO
    breaking.turn_off("demo-bank", now=NOON)
    assert begin(nowhere, changed) is Step.MAIL


def test_choosing_otherwise_spends_what_a_gift_has(nowhere):
    gift = wish("once", address="")
    at_the_bank(nowhere, gift)

    changed = [replace(gift, money=Money(600 + n, "USD")) for n in range(7)]
    steps = [begin(nowhere, each) for each in changed]

    assert steps == [Step.GO] * guarding.OF_A_GIFT.burst + [Step.ADDRESS] * 2


@pytest.mark.parametrize("turned", ["off", "on trial"])
def test_while_it_is_off_or_on_trial_work_is_not_enough(nowhere, turned):
    breaking.turn_off("demo-bank", now=NOON)
    if turned == "on trial":
        breaking.Breaker.objects.update(state="half_open")

    assert begin(nowhere, wish()) is Step.MAIL
    assert begin(nowhere, wish("once", address="")) is Step.ADDRESS


def test_off_not_even_a_mailbox_helps_and_on_trial_a_few_a_minute_may(nowhere):
    charges = [confirmed(nowhere, wish(address=f"ana@{n}.example")) for n in range(7)]
    breaking.turn_off("demo-bank", now=NOON)
    with pytest.raises(guarding.NotNow):
        guarding.go_on(charges[0], provider="demo-bank", now=NOON)

    breaking.Breaker.objects.update(state="half_open")
    let = [guarding.begin_again(c, proof="", now=NOON) for c in map(begun, charges)]
    assert let == [Step.GO] * guarding.PROBES.burst + [Step.LATER] * 2


def test_on_trial_one_domain_of_mail_is_not_let_through_again_and_again(nowhere):
    charges = [confirmed(nowhere, wish(address=f"x{n}@catch.example")) for n in range(3)]
    breaking.look("demo-bank", now=NOON)
    breaking.Breaker.objects.update(state="half_open")

    let = [guarding.begin_again(c, proof="", now=NOON) for c in map(begun, charges)]
    assert let == [Step.GO, Step.GO, Step.LATER]


def test_on_trial_what_went_well_lets_others_of_its_domain_through(nowhere):
    breaking.look("demo-bank", now=NOON)
    breaking.Breaker.objects.update(state="half_open")
    for n in range(4):
        gift = wish(address=f"x{n}@large.example")
        guarding.go_on(confirmed(nowhere, gift), provider="demo-bank", now=NOON)
        assert give(nowhere, gift).state == "succeeded"


def begun(charge):
    Attempt.objects.create(
        charge=charge,
        provider="demo-bank",
        number=1,
        idempotency_key=charge.reference,
        state="abandoned",
        reason="left",
        return_url="http://testserver/",
        created_at=NOON,
        closed_at=NOON,
    )
    charge.state = "failed"
    charge.save()
    return charge


def test_one_address_begins_a_few_gifts_an_hour_then_confirms(nowhere):
    steps = [begin(nowhere, wish()) for _ in range(7)]

    assert steps == [Step.GO] * guarding.OF_AN_ADDRESS.burst + [Step.MAIL]


def test_nobody_is_mailed_more_than_three_times_whoever_writes_their_address(nowhere):
    steps = [begin(nowhere, wish(), proof="") for _ in range(5)]

    assert steps == [Step.MAIL] * 3 + [Step.LATER] * 2


def test_mails_that_nobody_worked_for_do_not_use_up_the_others(nowhere):
    for n in range(400):
        begin(nowhere, wish(address=f"x@{n}.example"), proof="")
    assert begin(nowhere, wish(address="new@reader.example"), proof="") is Step.LATER

    breaking.turn_off("demo-bank", now=NOON)
    assert begin(nowhere, wish(address="new@reader.example")) is Step.MAIL


@at_each_of_cards
def test_a_card_that_is_refused_again_and_again_is_not_asked_any_more(nowhere):
    charges = [give(nowhere, wish(address=""), card=STOLEN) for _ in range(7)]

    asked = guarding.OF_A_CARD.burst
    assert [reason_of(c) for c in charges[asked:]] == [breaking.TOO_OFTEN] * 2
    assert breaking.TOO_OFTEN not in [reason_of(c) for c in charges[:asked]]
    assert reason_of(give(nowhere, wish(), card=EMPTY)) == "insufficient_funds"


@at_each
def test_a_card_that_pays_may_pay_as_often_as_it_likes(nowhere):
    charges = [give(nowhere, wish(address="")) for _ in range(12)]

    assert {charge.state for charge in charges} == {"succeeded"}


def test_where_many_are_refused_the_next_of_that_country_confirm_first(nowhere):
    tries = guarding.OF_A_COUNTRY
    for _ in range(tries.burst):
        guarding.limiting.spend(tries, "demo-bank US", now=NOON)

    refused = give(nowhere, wish())
    assert reason_of(refused) == guarding.CROWDED
    assert nowhere.money_taken() == []
    assert give(nowhere, wish(), card=RUSSIAN).state == "succeeded"
    assert guarding.begin_again(refused, proof=work(refused.reference), now=NOON) is Step.MAIL


def test_who_confirmed_is_asked_whatever_others_of_that_country_do(nowhere):
    for _ in range(20):
        guarding.limiting.spend(guarding.OF_A_COUNTRY, "demo-bank US", now=NOON)
    gift = wish()
    confirmed(nowhere, gift)

    assert give(nowhere, gift).state == "succeeded"


def test_whoever_is_at_the_bank_when_it_is_turned_off_is_asked_to_confirm(nowhere):
    charge = giving.promise(wish(), now=NOON)
    bank = giving.open_bank(charge, provider="demo-bank", language="en", now=NOON)
    breaking.turn_off("demo-bank", now=NOON + MINUTE)
    nowhere.pay(bank.url, WORKS)

    said = outcome.of(charge, now=NOON + MINUTE)

    assert (reason_of(charge), said.may_try_again) == (guarding.CROWDED, True)
    assert nowhere.money_taken() == []


@at_each_of_cards
@pytest.mark.parametrize("risk", ["elevated", "highest"])
def test_a_card_that_the_provider_finds_risky_is_not_taken_from(nowhere, risk):
    set_risk(nowhere, risk)

    charge = give(nowhere, wish())

    assert (charge.state, reason_of(charge)) == ("failed", breaking.RISK)
    assert nowhere.money_taken() == nowhere.still_possible() == []
    assert [p["state"] for p in nowhere.bank.payments()] == ["canceled"]
    assert guarding.begin_again(charge, proof=work(charge.reference), now=NOON) is Step.MAIL


@at_each_of_cards
@pytest.mark.parametrize(("risk", "state"), [("elevated", "succeeded"), ("highest", "failed")])
def test_a_mailbox_outweighs_some_risk_and_not_the_highest(nowhere, risk, state):
    set_risk(nowhere, risk)
    gift = wish()
    confirmed(nowhere, gift)

    assert give(nowhere, gift).state == state


def test_the_page_says_no_more_to_whom_we_found_risky_than_to_whom_the_bank_refused(nowhere):
    nowhere.bank.dial.turn(risk="highest")
    charge = give(nowhere, wish())

    assert outcome.of(charge, now=NOON).reason == outcome.wording.refusal("anything else")


@at_each_of_cards
def test_a_pledge_is_charged_whatever_is_tried_meanwhile(nowhere):
    pledge = pledge_of(nowhere)
    breaking.turn_off(nowhere.provider.code, now=NOON)
    set_risk(nowhere, "highest")

    schedule.charge_due(now=NOON + timedelta(days=31))

    assert pledge.dues.filter(charge__state="succeeded").count() == 2


def set_risk(nowhere, risk):
    if hasattr(nowhere.bank, "risk"):
        nowhere.bank.risk = risk  # what Radar says of every card
    else:
        nowhere.bank.dial.turn(risk=risk)
