"""A halt: once it has answered, nothing is taken, and nothing begins again by itself."""

from datetime import timedelta

import pytest

from tamizdat.funding import giving, halting, outcome, schedule, selfservice
from tamizdat.funding.halting import Scope
from tamizdat.funding.models import HaltOrder, Letter, Pledge
from tamizdat.payments import settling
from tamizdat.payments.errors import Vetoed
from tamizdat.payments.models import Attempt, Charge, Instrument
from tamizdat.payments.silence import Silent
from tests.demo_bank.nowhere import ASKS, RUSSIAN, WORKS
from tests.funding.givers import at, give, pledge_of, wish
from tests.racing import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("outlet")]
START, DUE_AT = at(2027, 1, 31), at(2027, 2, 28)
OF_THE_US, OF_THE_BANK, ALL = Scope(country="US"), Scope(provider="demo-bank"), Scope()
every_scope = pytest.mark.parametrize("scope", [OF_THE_US, OF_THE_BANK, ALL], ids=str)


@pytest.fixture
def pledge(nowhere):
    """Of a card from the US, as a worker has read it."""
    return pledge_of(nowhere, now=START)


def halt(scope=OF_THE_US, now=DUE_AT):
    return halting.halt(scope, reason="a new law", now=now)


def taken(nowhere):
    return len(nowhere.money_taken())


@every_scope
def test_every_pledge_concerned_is_halted_and_its_card_forgotten(nowhere, pledge, scope):
    report = halt(scope)

    pledge.refresh_from_db()
    assert (pledge.state, pledge.next_due_on) == ("halted", None)
    assert not pledge.instrument.is_active
    assert (report.pledges_halted, report.instruments_revoked) == (1, 1)
    assert not Letter.objects.exists()  # no mail: it could be read by the wrong person


@every_scope
@pytest.mark.parametrize("has_pledge", [True, False])
def test_a_card_that_has_expired_does_not_become_good_again(pledge, scope, has_pledge):
    card = pledge.instrument
    card.mark_expired()
    if not has_pledge:
        Pledge.objects.update(instrument=None, state="lapsed", next_due_on=None)

    rehearsed = halting.rehearse(scope, now=DUE_AT)
    report = halt(scope)

    assert rehearsed.instruments_revoked == report.instruments_revoked == 1
    card.note_expiry(at(2030, 1, 31).date(), now=DUE_AT)  # its bank has renewed it
    assert card.state == "revoked"


@pytest.mark.parametrize("scope", [Scope(country="BY"), Scope(provider="another")], ids=str)
def test_whoever_is_not_concerned_goes_on(nowhere, pledge, scope):
    assert halt(scope).pledges_halted == 0

    assert schedule.charge_due(now=DUE_AT) == 1
    assert taken(nowhere) == 2


@every_scope
def test_lifted_it_lets_new_gifts_be_taken_and_no_halted_pledge_begins_again(
    nowhere, pledge, scope
):
    order = HaltOrder.objects.get(pk=halt(scope).order)

    halting.lift(order, reason="the law was repealed", now=DUE_AT)
    schedule.charge_due(now=at(2027, 3, 31))
    pledge_of(nowhere, now=at(2027, 4, 1))

    pledge.refresh_from_db()
    assert (pledge.state, taken(nowhere)) == ("halted", 2)
    assert order.lifted_reason == "the law was repealed"


def test_lifted_once_it_stays_lifted_says_why_and_halts_nothing_more(nowhere, pledge):
    order = HaltOrder.objects.get(pk=halt().order)
    halting.lift(order, reason="a mistake", now=DUE_AT)
    begun_since = pledge_of(nowhere, now=DUE_AT)

    with pytest.raises(halting.NotInForce):
        halting.lift(order, reason="another", now=DUE_AT)
    begun_since.refresh_from_db()
    assert begun_since.state == "active"


def test_lifted_while_the_worker_is_at_another_order_it_halts_nothing_more(nowhere):
    charge = giving.promise(wish("once"), now=START)
    giving.open_bank(charge, provider="demo-bank", language="en", now=START)
    HaltOrder.objects.create(country="BY", reason="a law", ordered_at=START)
    order = HaltOrder.objects.create(country="US", reason="a law", ordered_at=START)
    fetch = nowhere.provider.fetch

    def meanwhile(**words):
        nowhere.provider.fetch = fetch
        halting.lift(order, reason="a mistake", now=DUE_AT)
        pledge_of(nowhere, now=DUE_AT)
        return fetch(**words)

    nowhere.provider.fetch = meanwhile
    halting.enforce(now=DUE_AT)

    assert Pledge.objects.get().state == "active"


def test_halted_twice_it_is_one_order(pledge):
    assert halt().order == halt().order
    assert HaltOrder.objects.count() == 1


@every_scope
def test_a_rehearsal_says_the_same_and_changes_nothing(nowhere, pledge, scope):
    rehearsed = halting.rehearse(scope, now=DUE_AT)
    pledge.refresh_from_db()
    assert (pledge.state, HaltOrder.objects.count()) == ("active", 0)

    report = halt(scope)

    assert rehearsed.pledges_halted == report.pledges_halted == 1
    assert rehearsed.instruments_revoked == report.instruments_revoked == 1


def test_a_card_of_the_country_is_refused_before_anything_is_authorised(nowhere):
    halt(Scope(country="RU"))

    charge = give(nowhere, wish(), card=RUSSIAN, now=DUE_AT)

    ending = outcome.of(charge, now=DUE_AT)
    assert [payment["state"] for payment in nowhere.bank.payments()] == ["canceled"]
    assert "What helps instead" in ending.reason
    assert not ending.may_try_again


@pytest.mark.parametrize("scope", [OF_THE_BANK, ALL], ids=str)
def test_a_halted_provider_is_not_even_opened(nowhere, scope):
    charge = giving.promise(wish(), now=DUE_AT)
    halt(scope)

    with pytest.raises(Vetoed):
        giving.open_bank(charge, provider="demo-bank", language="en", now=DUE_AT)
    assert nowhere.bank.payments() == []


@every_scope
def test_a_reader_at_the_bank_s_page_is_not_charged_when_they_come_back(nowhere, scope):
    charge = giving.promise(wish(), now=DUE_AT)
    url = giving.open_bank(charge, provider="demo-bank", language="en", now=DUE_AT).url
    halt(scope)

    nowhere.pay(url, WORKS)

    assert outcome.of(charge, now=DUE_AT).name == "declined"
    assert taken(nowhere) == 0


def test_a_reader_who_agreed_and_did_not_come_back_yet_is_called_off(nowhere):
    of_the_us, of_germany = (giving.promise(wish("once"), now=DUE_AT) for _ in "12")
    for charge, card in ((of_the_us, WORKS), (of_germany, ASKS)):
        url = giving.open_bank(charge, provider="demo-bank", language="en", now=DUE_AT).url
        nowhere.pay(url, card)

    report = halt(OF_THE_US)

    states = {payment["number"]: payment["state"] for payment in nowhere.bank.payments()}
    assert states == {WORKS: "canceled", ASKS: "waiting"}
    assert report.attempts_canceled == 1


def test_what_the_bank_took_before_is_booked_and_told(nowhere, pledge):
    nowhere.bank.dial.turn(break_after=1)
    schedule.charge_due(now=DUE_AT)

    report = halt()

    assert (report.attempts_taken_before, report.attempts_canceled) == (1, 0)
    assert Charge.objects.filter(state="succeeded").count() == taken(nowhere) == 2
    assert Pledge.objects.get().state == "halted"


@every_scope
def test_a_bank_that_is_silent_is_told_of_and_reached_by_the_worker(nowhere, pledge, scope):
    nowhere.bank.dial.turn(break_before=9)
    schedule.charge_due(now=DUE_AT)
    report = halt(scope)
    assert (report.attempts_not_reached, report.pledges_halted) == (1, 1)
    nowhere.bank.dial.turn(break_before=0)

    halting.enforce(now=DUE_AT + timedelta(minutes=10))

    assert not Attempt.objects.open().exists()
    assert (taken(nowhere), nowhere.bank.owed("USD")) == (1, 455)


@every_scope
def test_an_answer_that_makes_no_sense_keeps_no_other_from_being_called_off(nowhere, scope):
    first, second = (giving.promise(wish("once"), now=START) for _ in range(2))
    for charge in (first, second):
        url = giving.open_bank(charge, provider="demo-bank", language="en", now=START).url
        nowhere.pay(url)
    cancel, key = nowhere.provider.cancel, first.latest_attempt.idempotency_key

    def misread(**words):
        return {}["state"] if words["key"] == key else cancel(**words)

    nowhere.provider.cancel = misread

    report = halt(scope)

    assert (report.attempts_not_reached, report.attempts_canceled) == (1, 1)


@every_scope
def test_it_is_not_lifted_while_a_gift_from_before_could_still_be_taken(nowhere, scope):
    charge = giving.promise(wish("once"), now=START)
    nowhere.pay(giving.open_bank(charge, provider="demo-bank", language="en", now=START).url)
    nowhere.bank.dial.turn(break_before=9)
    order = HaltOrder.objects.get(pk=halt(scope).order)
    halting.enforce(now=DUE_AT + timedelta(minutes=10))

    with pytest.raises(halting.NotReached) as still:
        halting.lift(order, reason="repealed", now=DUE_AT + timedelta(minutes=20))
    assert still.value.report.not_reached == {"demo-bank": 1}
    assert HaltOrder.objects.in_force().exists()
    nowhere.bank.dial.turn(break_before=0)
    halting.lift(order, reason="repealed", now=DUE_AT + timedelta(minutes=30))

    settling.resolve_open(now=DUE_AT + timedelta(hours=1))
    assert (taken(nowhere), charge.latest_attempt.state) == (0, "abandoned")


def arrive_after_a_halt(nowhere, gift, scope):
    """A gift was asked for before the halt, and the bank says yes after it."""
    charge = giving.promise(gift, now=START)
    url = giving.open_bank(charge, provider="demo-bank", language="en", now=START).url
    nowhere.pay(url, WORKS)
    nowhere.bank.dial.turn(pend=1)
    settling.resolve(charge.latest_attempt, now=START)
    halt(scope, now=START)
    for payment in nowhere.bank.payments():
        nowhere.bank.settle(payment["id"])
    settling.resolve_open(now=DUE_AT)
    charge.refresh_from_db()
    return charge


def test_a_first_gift_that_arrives_after_all_begins_no_pledge(nowhere):
    arrive_after_a_halt(nowhere, wish(), OF_THE_US)

    assert (Pledge.objects.get().state, taken(nowhere)) == ("halted", 1)
    assert not Instrument.objects.filter(state="active").exists()


@every_scope
@pytest.mark.parametrize("interval", ["once", "month"])
def test_no_receipt_is_mailed_of_what_arrives_after_all(nowhere, interval, scope):
    charge = arrive_after_a_halt(nowhere, wish(interval), scope)

    assert (charge.state, taken(nowhere)) == ("succeeded", 1)
    assert not Letter.objects.exists()


@every_scope
def test_a_worker_that_read_its_list_before_takes_nothing_after(nowhere, pledge, scope):
    halt(scope)

    assert not schedule._charge(pledge, Silent(), now=DUE_AT)
    assert taken(nowhere) == 1


@every_scope
def test_a_worker_between_the_claim_and_the_bank_takes_nothing(nowhere, pledge, scope):
    due = schedule.claim(pledge, now=DUE_AT)
    attempt = halting_between(due, scope)

    assert attempt.state == "abandoned"
    assert taken(nowhere) == 1


def halting_between(due, scope):
    """The order is there, but the sweep has not come to this pledge: as a crash leaves it."""
    from tamizdat.payments import charging

    HaltOrder.objects.create(
        country=scope.country, provider=scope.provider, reason="a law", ordered_at=DUE_AT
    )
    return charging.charge_saved(charge=due.charge, instrument=due.pledge.instrument, now=DUE_AT)


@every_scope
def test_the_claim_itself_obeys_and_halts_what_the_sweep_missed(nowhere, pledge, scope):
    HaltOrder.objects.create(
        country=scope.country, provider=scope.provider, reason="a law", ordered_at=DUE_AT
    )

    assert schedule.claim(pledge, now=DUE_AT) is None
    assert Pledge.objects.get().state == "halted"


@pytest.mark.parametrize("_time", range(3))
@every_scope
def test_once_it_has_answered_no_worker_takes_a_cent_more(nowhere, scope, _time):
    for n in range(6):
        give(nowhere, wish(address=f"reader-{n}@example.org"), now=START)

    def halt_and_look():
        return halt(scope), taken(nowhere)

    work = [lambda: schedule.charge_due(now=DUE_AT)] * 2
    (report, then), *_ = race([halt_and_look, *work])

    assert (taken(nowhere), report.attempts_not_reached) == (then, 0)
    assert set(Pledge.objects.values_list("state", flat=True)) == {"halted"}
    assert not Attempt.objects.open().exists()


@pytest.mark.parametrize("_time", range(3))
def test_beside_readers_who_stop_and_ask_to_be_forgotten_nothing_is_stuck(nowhere, _time):
    for interval in ("month", "month", "year"):
        give(nowhere, wish(interval), now=START)
    supporter = Pledge.objects.first().supporter

    race([halt, halt, lambda: selfservice.forget(supporter, now=DUE_AT)])

    assert set(Pledge.objects.values_list("state", flat=True)) <= {"halted", "stopped"}
    assert not Instrument.objects.filter(state="active").exists()
