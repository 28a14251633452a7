"""Many pledges due at once are charged with few questions, and each as it would be alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tamizdat.funding import halting, mornings, schedule, selfservice
from tamizdat.funding.halting import Scope
from tamizdat.funding.models import Due, Letter, Pledge, RiskRule
from tamizdat.ledger import books
from tamizdat.payments import settling, together
from tamizdat.payments.models import Attempt, Instrument
from tamizdat.payments.models.attempt import QUIET, key_of
from tamizdat.payments.providers import registry
from tamizdat.payments.signals import before_charge, charge_succeeded
from tests.demo_bank.nowhere import TIRES, WORKS
from tests.funding.givers import at, pledge_of
from tests.payments.banks import at_each
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outlet")]
START, DUE_AT = at(2027, 1, 31), at(2027, 2, 28)
MANY = 7


@pytest.fixture
def pledges(nowhere):
    return [pledge_of(nowhere, now=START) for _ in range(MANY)]


def taken(nowhere):
    return len(nowhere.money_taken()) - MANY


def states():
    return sorted(Pledge.objects.values_list("state", flat=True))


@at_each
def test_each_is_charged_once_booked_and_thanked(nowhere, pledges):
    Letter.objects.all().delete()

    assert mornings.charge_plainly_due(now=DUE_AT) == MANY
    assert mornings.charge_plainly_due(now=DUE_AT) == 0

    assert taken(nowhere) == MANY
    assert books.balance("reader-funding", "USD").minor == -500 * 2 * MANY
    assert books.balance(f"cash-{nowhere.provider.code}", "USD").minor == nowhere.bank.owed("USD")
    assert Letter.objects.filter(kind="receipt", pledge__isnull=False).count() == MANY
    assert set(Pledge.objects.values_list("next_due_on", flat=True)) == {at(2027, 3, 31).date()}


def test_twice_as_many_take_no_more_questions(nowhere, pledges):
    with CaptureQueriesContext(connection) as of_some:
        mornings.charge_plainly_due(now=DUE_AT)
    for _ in range(2 * MANY):
        pledge_of(nowhere, now=START)
    with CaptureQueriesContext(connection) as of_twice_as_many:
        assert mornings.charge_plainly_due(now=DUE_AT) == 2 * MANY

    assert len(of_twice_as_many) <= len(of_some) <= 40


def test_one_that_is_refused_is_refused_alone(nowhere, pledges):
    pledge_of(nowhere, card=TIRES, now=START)

    assert schedule.charge_due(now=DUE_AT) == MANY + 1
    assert states() == ["active"] * MANY + ["past_due"]
    assert taken(nowhere) == MANY + 1  # the first gift of the card that tires


@pytest.mark.parametrize("fault", ["break_before", "break_after"])
def test_what_nobody_answered_is_settled_by_the_chore(nowhere, pledges, fault):
    nowhere.bank.dial.turn(**{fault: 1})
    mornings.charge_plainly_due(now=DUE_AT)

    assert Attempt.objects.filter(state="sent").count() == MANY
    assert settling.resolve_open(now=DUE_AT + timedelta(minutes=10)) == MANY
    assert taken(nowhere) == MANY


@pytest.mark.parametrize(
    "by",
    [together.take, lambda _, now: settling.resolve_open(now=now)],
    ids=["together", "alone"],
)
def test_one_whose_card_cannot_be_read_stops_no_other(nowhere, pledges, by, caplog):
    attempts = mornings.claim(now=DUE_AT).attempts
    Instrument.objects.filter(attempts=attempts[3]).update(sealed_token=b"cannot be read")
    attempts = list(Attempt.objects.filter(pk__in=[one.pk for one in attempts]).order_by("pk"))

    by(attempts, now=DUE_AT + 2 * QUIET)

    assert taken(nowhere) == MANY - 1
    assert books.journal().count() == 2 * MANY - 1
    assert Attempt.objects.open().get() == attempts[3]
    assert not Attempt.objects.quiet(now=DUE_AT + 2 * QUIET).exists()
    assert "cannot be read" not in caplog.text


def test_one_that_a_listener_cannot_follow_costs_no_other(nowhere, pledges):
    def fall(*, attempt, **_):
        if attempt == attempts[3]:
            raise RuntimeError

    attempts = mornings.claim(now=DUE_AT).attempts
    charge_succeeded.connect(fall)
    together.take(attempts, now=DUE_AT)
    charge_succeeded.disconnect(fall)

    assert books.journal().count() == 2 * MANY - 1
    assert Attempt.objects.open().get() == attempts[3]
    assert settling.resolve_open(now=DUE_AT + 2 * QUIET) == 1
    assert (taken(nowhere), books.journal().count()) == (MANY, 2 * MANY)


@pytest.mark.parametrize("act", ["stop", "halt"])
def test_between_the_claim_and_the_bank_it_can_still_be_called_off(nowhere, pledges, act):
    attempts = mornings.claim(now=DUE_AT).attempts
    if act == "stop":
        selfservice.stop(pledges[3], now=DUE_AT)
    else:
        halting.halt(Scope(), reason="a new law", now=DUE_AT)
    together.take(attempts, now=DUE_AT)

    assert taken(nowhere) == (MANY - 1 if act == "stop" else 0)
    assert not Attempt.objects.open().exists()


def test_one_that_is_called_off_once_it_was_looked_at_is_not_asked_for(
    nowhere, pledges, monkeypatch
):
    attempts = mornings.claim(now=DUE_AT).attempts
    provider, asked = registry.get("demo-bank"), []
    ask = provider.charge_saved

    def and_note(order, *, token):
        asked.append(order.key)
        return ask(order, token=token)

    def stop_the_first(*, attempt, **_):
        if attempt == attempts[-1]:
            selfservice.stop(attempts[0].charge.due.pledge, now=DUE_AT)

    monkeypatch.setattr(provider, "charge_saved", and_note)
    before_charge.connect(stop_the_first)
    together.take(attempts, now=DUE_AT)
    before_charge.disconnect(stop_the_first)

    assert asked == [each.idempotency_key for each in attempts[1:]]
    assert taken(nowhere) == MANY - 1
    assert not Attempt.objects.open().exists()


def test_a_halt_that_no_bank_heard_holds_for_what_was_claimed(nowhere, pledges):
    attempts = mornings.claim(now=DUE_AT).attempts
    nowhere.bank.dial.turn(break_before=MANY)
    halting.halt(Scope(country="US"), reason="a new law", now=DUE_AT)
    together.take(attempts, now=DUE_AT)

    assert taken(nowhere) == 0
    assert states() == ["halted"] * MANY


def test_what_was_claimed_by_a_worker_that_crashed_is_asked_for_by_another(nowhere, pledges):
    mornings.claim(now=DUE_AT)

    assert settling.resolve_open(now=DUE_AT + timedelta(minutes=10)) == MANY
    assert taken(nowhere) == MANY
    assert set(Due.objects.values_list("retry_on", flat=True)) == {None}


def test_what_was_claimed_and_forgotten_for_a_day_is_never_asked_for(nowhere, pledges):
    mornings.claim(now=DUE_AT)

    settling.resolve_open(now=DUE_AT + timedelta(days=2))

    assert taken(nowhere) == 0
    reasons = Attempt.objects.filter(return_url="").values_list("reason", flat=True)
    assert set(reasons) == {"never_arrived"}


def test_one_that_somebody_else_has_settled_costs_no_other(nowhere, pledges, monkeypatch):
    attempts = mornings.claim(now=DUE_AT).attempts
    provider = registry.get("demo-bank")
    ask = provider.charge_saved

    def and_somebody_looks(order, *, token):
        remote = ask(order, token=token)
        if order.key == attempts[0].idempotency_key:
            settling.resolve(Attempt.objects.get(pk=attempts[0].pk), now=DUE_AT)
        return remote

    monkeypatch.setattr(provider, "charge_saved", and_somebody_looks)
    together.take(attempts, now=DUE_AT)

    assert taken(nowhere) == MANY
    assert books.journal().count() == 2 * MANY
    assert not Attempt.objects.open().exists()


def test_one_that_was_given_up_while_it_was_asked_for_is_not_booked_among_the_others(
    nowhere, pledges, monkeypatch
):
    attempts = mornings.claim(now=DUE_AT).attempts
    first, provider = attempts[0], registry.get("demo-bank")
    ask = provider.charge_saved

    def and_somebody_gives_it_up(order, *, token):
        remote = ask(order, token=token)
        if order.key == first.idempotency_key:
            Attempt.objects.filter(pk=first.pk).update(
                state="abandoned", reason="by hand", closed_at=DUE_AT
            )
            again = {"number": 2, "idempotency_key": key_of(first.charge, 2)}
            again |= {"instrument": first.instrument, "created_at": DUE_AT}
            first.charge.attempts.create(provider=provider.code, **again)
        return remote

    monkeypatch.setattr(provider, "charge_saved", and_somebody_gives_it_up)
    together.take(attempts, now=DUE_AT)

    first.charge.refresh_from_db()
    assert first.charge.state == "open"  # its other attempt is the one that may be paid
    assert books.journal().count() == 2 * MANY - 1


def test_one_that_ended_while_it_was_asked_for_is_received_and_ends(nowhere, pledges):
    attempts = mornings.claim(now=DUE_AT).attempts
    Attempt.objects.filter(pk=attempts[0].pk).update(state="sent", sent_at=DUE_AT)
    Pledge.objects.filter(pk=pledges[0].pk).update(state="stopped", next_due_on=None)
    together._succeed(
        [(each, registry.get("demo-bank").charge_saved(each.order, token=each.instrument.token))
         for each in attempts], at=DUE_AT
    )  # fmt: skip

    assert states() == ["active"] * (MANY - 1) + ["stopped"]
    assert books.journal().count() == 2 * MANY


@pytest.mark.parametrize("fresh", [-1.0, 1_000.0], ids=["slow bank", "quick bank"])
def test_one_that_ends_while_others_are_asked_is_asked_no_more_where_that_takes_long(
    nowhere, pledges, monkeypatch, fresh
):
    monkeypatch.setattr(together, "FRESH_SECONDS", fresh)
    attempts = mornings.claim(now=DUE_AT).attempts
    provider = registry.get("demo-bank")
    ask = provider.charge_saved

    def and_a_rule_says_never(order, *, token):
        RiskRule.objects.get_or_create(country="US", action="never", starts_on=DUE_AT.date())
        return ask(order, token=token)

    monkeypatch.setattr(provider, "charge_saved", and_a_rule_says_never)
    together.take(attempts, now=DUE_AT)

    assert taken(nowhere) == (1 if fresh < 0 else MANY)
    assert not Attempt.objects.open().exists()


def test_the_first_too_is_looked_at_again_where_looking_took_long(nowhere, pledges, monkeypatch):
    looks = []

    def and_then_a_rule_says_never(**_):
        looks.append(DUE_AT)
        if len(looks) == MANY:
            RiskRule.objects.create(country="US", action="never", starts_on=DUE_AT.date())

    monkeypatch.setattr(together, "FRESH_SECONDS", -1.0)
    attempts = mornings.claim(now=DUE_AT).attempts
    before_charge.connect(and_then_a_rule_says_never)
    together.take(attempts, now=DUE_AT)
    before_charge.disconnect(and_then_a_rule_says_never)

    assert taken(nowhere) == 0
    assert not Attempt.objects.open().exists()


def test_those_that_are_refused_are_called_off_once_the_others_were_asked(
    nowhere, pledges, monkeypatch
):
    calls, provider = [], registry.get("demo-bank")
    for verb in ("charge_saved", "cancel"):
        usual = getattr(provider, verb)

        def noted(*args, verb=verb, usual=usual, **words):
            calls.append(verb)
            return usual(*args, **words)

        monkeypatch.setattr(provider, verb, noted)
    monkeypatch.setattr(together, "FRESH_SECONDS", 1_000.0)
    attempts = mornings.claim(now=DUE_AT).attempts
    Pledge.objects.filter(pk=pledges[0].pk).update(state="stopped", next_due_on=None)

    together.take(attempts, now=DUE_AT)

    assert calls == ["charge_saved"] * (MANY - 1) + ["cancel"]


def test_a_pause_that_is_over_and_a_refused_one_are_not_plain(nowhere, pledges):
    selfservice.pause(pledges[0], 1, now=at(2027, 2, 3))
    Pledge.objects.filter(pk=pledges[1].pk).update(state="past_due")

    assert mornings.charge_plainly_due(now=DUE_AT) == MANY - 2
    assert pledge_of(nowhere, card=WORKS, now=DUE_AT).state == "active"


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_each_charges_others(nowhere, pledges, monkeypatch):
    monkeypatch.setattr(mornings, "AT_ONCE", 2)
    asked = race([lambda: schedule.charge_due(now=DUE_AT)] * 4)

    assert sum(asked) == taken(nowhere) == MANY
    assert Due.objects.count() == 2 * MANY
