"""A giver's bank takes a payment back: booked once, forward only, never more than was taken."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import refunding, settling
from tamizdat.payments.errors import Unexplained, Unreachable, WrongState
from tamizdat.payments.models import Charge, Dispute
from tamizdat.payments.providers.account import DisputeState, RemoteDispute
from tests import racing
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=20)


def payment_of(charge):
    return charge.latest_attempt.remote_id


def look(charge, *, now=NOON):
    settling.resolve(charge.latest_attempt, now=now)
    charge.refresh_from_db()


def held(*accounts):
    return [books.balance(account, "EUR").minor for account in accounts]


def agrees(nowhere):
    return held(f"cash-{nowhere.provider.code}") == [nowhere.bank.owed("EUR")]


def test_while_it_is_open_the_money_is_away_and_its_fee_is_booked(nowhere, paid):
    nowhere.bank.dispute(payment_of(paid))

    look(paid)

    assert paid.disputes.get().state == "open"
    assert (paid.disputed_minor, paid.left.minor) == (500, 0)
    assert held("disputed", "dispute-fees", "reader-funding") == [500, nowhere.dispute_fee, -500]
    assert agrees(nowhere)


def test_won_the_money_is_back(nowhere, paid):
    dispute = nowhere.bank.dispute(payment_of(paid))
    look(paid)
    nowhere.bank.decide(dispute, won=True)

    look(paid, now=LATER)

    won = paid.disputes.get()
    assert (won.state, won.closed_at, paid.left.minor) == ("won", LATER, 500)
    assert held("disputed", "reader-funding") == [0, -500]
    assert agrees(nowhere)


def test_lost_it_was_no_gift(nowhere, paid):
    dispute = nowhere.bank.dispute(payment_of(paid))
    look(paid)
    nowhere.bank.decide(dispute, won=False)

    look(paid, now=LATER)

    assert (paid.disputes.get().state, paid.left.minor) == ("lost", 0)
    assert held("disputed", "dispute-fees", "reader-funding") == [0, nowhere.dispute_fee, 0]
    assert agrees(nowhere)


@pytest.mark.parametrize("won", [True, False])
def test_what_was_decided_before_we_heard_of_it_is_booked_whole(nowhere, paid, won):
    nowhere.bank.decide(nowhere.bank.dispute(payment_of(paid)), won=won)

    look(paid)

    assert paid.disputes.get().state == ("won" if won else "lost")
    assert held("disputed") == [0]
    assert agrees(nowhere)


def test_told_again_nothing_is_booked_again(nowhere, paid):
    nowhere.bank.decide(nowhere.bank.dispute(payment_of(paid)), won=False)

    look(paid)
    before = books.trial_balance()
    look(paid, now=LATER)

    assert books.trial_balance() == before
    assert Dispute.objects.count() == 1


def test_nothing_leads_back_from_a_decision(nowhere, paid):
    dispute = nowhere.bank.dispute(payment_of(paid))
    look(paid)
    ours = paid.disputes.get()

    assert ours.close(Dispute.State.LOST, at=NOON)
    assert not ours.close(Dispute.State.WON, at=NOON)
    assert ours.state == "lost"
    assert ours.remote_id == dispute


def test_only_what_is_left_is_disputed_or_given_back(nowhere, paid):
    refunding.refund(paid, Money(200, "EUR"), now=NOON)
    nowhere.bank.dispute(payment_of(paid))
    look(paid)

    assert (paid.refunded_minor, paid.disputed_minor) == (200, 300)
    with pytest.raises(WrongState):
        refunding.refund(paid, Money(1, "EUR"), now=NOON)
    assert agrees(nowhere)


def test_what_came_back_can_be_given_back_after_all(nowhere, paid):
    nowhere.bank.decide(nowhere.bank.dispute(payment_of(paid)), won=True)
    nowhere.bank.refund_by_hand(payment_of(paid), 500)

    look(paid)

    assert (paid.disputes.get().state, paid.refunded_minor) == ("won", 500)
    assert agrees(nowhere)


def test_a_refund_that_nobody_heard_makes_room_for_the_dispute(nowhere, paid):
    nowhere.bank.dial.turn(break_before=1)
    with pytest.raises(Unreachable):
        refunding.refund(paid, Money(300, "EUR"), now=NOON)
    nowhere.bank.dispute(payment_of(paid))

    look(paid, now=LATER)

    assert paid.refunds.get().state == "refused"
    assert paid.disputed_minor == 500
    assert agrees(nowhere)


def test_more_than_was_taken_is_not_booked_but_shown_to_a_person(nowhere, paid, monkeypatch):
    remote = nowhere.provider.fetch(remote_id=payment_of(paid))
    dispute = RemoteDispute("d", DisputeState.OPEN, Money(501, "EUR"), Money(0, "EUR"), "fraud")
    remote.__dict__["disputes"] = (dispute,)
    monkeypatch.setattr(nowhere.provider, "fetch", lambda **_: remote)

    with pytest.raises(Unexplained):
        look(paid)
    assert not Dispute.objects.exists()


def test_a_webhook_tells_of_it(nowhere, paid):
    nowhere.courier.deliver()
    dispute = nowhere.bank.dispute(payment_of(paid))
    nowhere.courier.deliver()
    assert paid.disputes.get().state == "open"

    nowhere.bank.decide(dispute, won=True)
    nowhere.courier.deliver()

    assert paid.disputes.get().state == "won"
    assert agrees(nowhere)


@pytest.mark.parametrize("minor", [-1, 301])
def test_the_database_refuses_more_than_was_taken(nowhere, paid, minor):
    with pytest.raises(IntegrityError):
        Charge.objects.filter(pk=paid.pk).update(refunded_minor=200, disputed_minor=minor)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_look_at_once_one_books_it(nowhere, paid):
    nowhere.bank.decide(nowhere.bank.dispute(payment_of(paid)), won=True)

    racing.race([lambda: settling.resolve(paid.latest_attempt, now=NOON)] * 4)

    assert paid.disputes.get().state == "won"
    assert held("disputed") == [0]
    assert agrees(nowhere)
