"""A provider is turned off while cards are refused there, and on again when that is over."""

from datetime import timedelta

import pytest

from tamizdat.payments import breaking
from tamizdat.payments.models import Attempt, Breaker, Charge, ProviderEvent
from tests.conftest import NOON
from tests.racing import race

pytestmark = pytest.mark.django_db
BANK = "demo-bank"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def looked_at():
    """The breaker is there, and has seen nothing."""
    breaking.look(BANK, now=NOON)


def answered(count, state="declined", *, at, reason="stolen_card", by="page", bank=BANK):
    """So many attempts that ended like this."""
    for _ in range(count):
        charge = Charge.objects.create(amount_minor=500, currency="EUR", created_at=at)
        Attempt.objects.create(
            charge=charge,
            provider=bank,
            number=1,
            idempotency_key=charge.reference,
            remote_id=charge.reference,
            state=state,
            reason="" if state == "succeeded" else reason,
            return_url="http://testserver/" if by == "page" else "",
            created_at=at,
            closed_at=at,
        )


def state(*, at):
    return breaking.look(BANK, now=at).state


def tripped(*, at=NOON + MINUTE):
    answered(10, at=at)
    return breaking.look(BANK, now=at)


def test_ten_refused_cards_in_ten_minutes_turn_it_off_for_a_while():
    breaker = tripped()

    assert (breaker.state, breaker.until) == ("open", breaker.since + breaking.OFF_FOR)


def test_nine_do_not():
    answered(9, at=NOON + MINUTE)

    assert state(at=NOON + MINUTE) == "closed"


def test_as_many_do_not_when_more_gifts_arrive():
    answered(10, at=NOON + MINUTE)
    answered(10, "succeeded", at=NOON + MINUTE)

    assert state(at=NOON + MINUTE) == "closed"


def test_slowly_they_do_too():
    for hour in range(20):
        answered(2, at=NOON + timedelta(hours=hour, minutes=1))

    assert state(at=NOON + timedelta(hours=20)) == "open"


@pytest.mark.parametrize(
    "of_another_kind",
    [{"by": "worker"}, {"bank": "another"}, {"state": "abandoned", "reason": "left"}],
    ids=["a pledge that is charged again", "another bank", "readers who left"],
)
def test_what_says_nothing_of_stolen_cards_is_not_counted(of_another_kind):
    answered(30, at=NOON + MINUTE, **of_another_kind)

    assert state(at=NOON + MINUTE) == "closed"


def test_cards_that_we_refused_ourselves_are_counted():
    answered(10, "abandoned", reason=breaking.TOO_OFTEN, at=NOON + MINUTE)

    assert state(at=NOON + MINUTE) == "open"


def test_cards_that_were_refused_on_the_page_of_the_provider_are_counted():
    for n in range(10):
        ProviderEvent.objects.create(
            provider=BANK, event_id=n, kind="setup_intent.setup_failed", received_at=NOON + MINUTE
        )

    assert state(at=NOON + MINUTE) == "open"


def test_after_its_time_it_is_half_open_and_does_not_count_the_old_ones():
    until = tripped().until

    assert state(at=until - MINUTE) == "open"
    assert [state(at=until), state(at=until + MINUTE)] == ["half_open", "half_open"]


def half_open():
    until = tripped().until
    breaking.look(BANK, now=until)
    return until + MINUTE


def test_half_open_gifts_that_arrive_close_it():
    at = half_open()
    answered(2, "succeeded", at=at)
    assert state(at=at) == "half_open"

    answered(1, "succeeded", at=at)
    assert state(at=at) == "closed"


def test_half_open_refused_cards_turn_it_off_for_twice_as_long():
    at = half_open()
    answered(3, at=at)

    breaker = breaking.look(BANK, now=at)

    assert (breaker.state, breaker.until) == ("open", at + 2 * breaking.OFF_FOR)


def test_half_open_and_nobody_comes_it_closes():
    at = half_open()

    assert state(at=at + breaking.QUIET) == "closed"


def test_once_it_was_off_fewer_turn_it_off_again_until_it_was_calm_for_a_day():
    at = half_open() + breaking.QUIET
    breaking.look(BANK, now=at)
    answered(5, at=at + MINUTE)
    assert breaking.look(BANK, now=at + MINUTE).trips == 2

    breaking.turn_on(BANK, now=at)
    answered(5, at=at + 2 * breaking.CALM)
    assert state(at=at + 2 * breaking.CALM) == "closed"


def test_it_is_never_off_for_longer_than_four_hours_by_itself():
    at = NOON + MINUTE
    for _ in range(9):
        answered(10, at=at)
        breaker = breaking.look(BANK, now=at)
        at = breaker.until
        breaking.look(BANK, now=at)
        at += MINUTE

    assert breaker.until - breaker.since == breaking.OFF_AT_MOST


def test_turned_off_by_a_person_it_stays_off_and_on_it_forgets_what_was():
    tripped()
    breaking.turn_off(BANK, now=NOON + 2 * MINUTE)
    assert state(at=NOON + timedelta(days=30)) == "open"

    breaking.turn_on(BANK, now=NOON + 3 * MINUTE)
    assert state(at=NOON + 3 * MINUTE) == "closed"


def test_the_chore_moves_on_what_nobody_uses():
    until = tripped().until

    assert breaking.look_at_all(now=until) == 1
    assert Breaker.objects.get().state == "half_open"
    assert breaking.look_at_all(now=until + breaking.QUIET) == 0


@pytest.mark.parametrize(
    ("refused", "taken", "hardness"),
    [(0, 0, 0), (1, 0, 0), (2, 0, 1), (6, 0, 2), (9, 9, 0), (500, 0, 5)],
)
def test_the_work_is_doubled_by_what_goes_wrong(refused, taken, hardness):
    answered(refused, at=NOON + MINUTE)
    answered(taken, "succeeded", at=NOON + MINUTE)

    assert breaking.hardness(now=NOON + MINUTE) == hardness
    assert breaking.hardness(now=NOON + timedelta(hours=2)) == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_that_see_the_same_one_trips_it():
    answered(10, at=NOON + MINUTE)

    race([lambda: breaking.look(BANK, now=NOON + MINUTE)] * 2)

    assert Breaker.objects.get().trips == 1
