"""A refund that fails days after it succeeded: its giver's bank refused it; it is ours again."""

from datetime import timedelta

import pytest

from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import booking, differing, reconciling, refunding, settling
from tamizdat.payments.errors import Unexplained, Unreachable
from tamizdat.payments.models import Refund
from tamizdat.payments.providers.base import RemoteRefund
from tests import racing
from tests.conftest import NOON
from tests.payments.banks import BANKS, only

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=5)


@pytest.fixture(params=BANKS)
def nowhere(request):
    """Each bank in turn, at noon."""
    with only(BANKS[request.param]()) as bank:
        bank.set_clock(NOON)
        yield bank


@pytest.fixture
def given_back(paid):
    return refunding.refund(paid, Money(200, "EUR"), reason="asked for it", now=NOON)


def fail(nowhere):
    nowhere.set_clock(LATER)
    nowhere.bank.fail_refund(nowhere.bank.refunds_given()[-1])


def hear(nowhere, charge):
    nowhere.courier.deliver()


def look(nowhere, charge, *, now=LATER):
    settling.resolve(charge.latest_attempt, now=now)


def compare(nowhere, charge=None):
    reconciling.reconcile(nowhere.provider, now=LATER + timedelta(hours=1))


def refunds(charge):
    charge.refresh_from_db()
    return [r.state for r in charge.refunds.order_by("pk")], charge.refunded_minor


def every_cent_is_explained(nowhere):
    compare(nowhere)
    (row,) = differing.standings()
    owed = nowhere.bank.owed("EUR")
    return (row.ours.minor, row.theirs.minor, row.unexplained.minor) == (owed, owed, 0)


@pytest.mark.parametrize("first", [hear, look, compare])
def test_it_is_ours_again_once_whoever_sees_it_first(nowhere, paid, given_back, first):
    fail(nowhere)

    for see in (first, hear, look, compare, look):
        see(nowhere, paid)
        assert refunds(paid) == (["failed"], 0)

    assert books.balance("reader-funding", "EUR") == Money(-500, "EUR")
    given_back.refresh_from_db()
    assert given_back.failed_at >= NOON
    assert every_cent_is_explained(nowhere)


def test_where_its_account_is_the_only_one_to_tell_it_is_ours_again_too(nowhere, paid, given_back):
    tells = nowhere.provider.fetch
    before = tells(remote_id=paid.latest_attempt.remote_id)
    fail(nowhere)
    nowhere.provider.fetch = lambda **_: before

    compare(nowhere)

    assert refunds(paid) == (["failed"], 0)
    assert every_cent_is_explained(nowhere)


def test_the_way_back_has_a_key_of_its_own(nowhere, paid, given_back):
    fail(nowhere)
    look(nowhere, paid)

    key = f"{nowhere.provider.code}:{given_back.remote_id}"
    cash = booking.cash(nowhere.provider.code)
    assert booking.booked([key, f"{key}:returned"], cash) == {
        key: [Money(-200, "EUR")],
        f"{key}:returned": [Money(200, "EUR")],
    }


def test_it_can_be_given_back_once_more(nowhere, paid, given_back):
    fail(nowhere)
    look(nowhere, paid)
    assert Refund.objects.failed_lately(now=LATER).count() == 1

    refunding.refund(paid, Money(500, "EUR"), number=2, now=LATER)

    look(nowhere, paid)
    assert refunds(paid) == (["failed", "succeeded"], 500)
    assert not Refund.objects.failed_lately(now=LATER).exists()
    assert every_cent_is_explained(nowhere)


def test_and_fail_once_more(nowhere, paid, given_back):
    fail(nowhere)
    look(nowhere, paid)
    refunding.refund(paid, Money(500, "EUR"), number=2, now=LATER)
    fail(nowhere)

    compare(nowhere)

    assert refunds(paid) == (["failed", "failed"], 0)
    assert every_cent_is_explained(nowhere)


def test_what_had_failed_before_we_heard_of_it_is_booked_out_and_in(nowhere, paid):
    """Of the whole, which then went once more."""
    nowhere.bank.dial.turn(lose=99)
    payment = paid.latest_attempt.remote_id
    nowhere.bank.refund_by_hand(payment, 500)
    fail(nowhere)
    nowhere.bank.refund_by_hand(payment, 500)

    compare(nowhere)

    states, refunded = refunds(paid)
    assert (sorted(states), refunded) == (["failed", "succeeded"], 500)
    assert every_cent_is_explained(nowhere)


def test_what_failed_before_its_answer_came_was_refused(nowhere, paid):
    nowhere.bank.dial.turn(break_after=1)
    with pytest.raises(Unreachable):
        refunding.refund(paid, Money(200, "EUR"), now=NOON)
    fail(nowhere)

    assert refunding.resolve_open(now=LATER) == 1
    assert refunds(paid) == (["refused"], 0)
    refunding.refund(paid, Money(500, "EUR"), now=LATER)

    assert every_cent_is_explained(nowhere)


def test_what_never_moved_is_not_booked(nowhere, paid):
    never = RemoteRefund("made_up", Money(200, "EUR"), has_failed=True)

    refunding.follow(paid.latest_attempt, never, now=NOON)

    assert not Refund.objects.exists()
    assert every_cent_is_explained(nowhere)


def test_another_sum_than_went_is_for_a_person(nowhere, paid, given_back):
    less = RemoteRefund(given_back.remote_id, Money(199, "EUR"), has_failed=True)

    with pytest.raises(Unexplained):
        refunding.follow(paid.latest_attempt, less, now=LATER)

    assert refunds(paid) == (["succeeded"], 200)


def test_what_came_back_can_be_disputed(nowhere, paid, given_back):
    fail(nowhere)
    nowhere.bank.dispute(paid.latest_attempt.remote_id)

    look(nowhere, paid)

    assert (paid.disputes.get().amount_minor, refunds(paid)) == (500, (["failed"], 0))


@pytest.mark.parametrize("nowhere", ["stripe"], indirect=True)
def test_in_a_balance_of_another_currency_it_is_exchanged(nowhere, charge, request):
    nowhere.bank.settles_in = "usd"
    paid = request.getfixturevalue("paid")
    refunding.refund(paid, Money(200, "EUR"), now=NOON)
    fail(nowhere)

    compare(nowhere)

    assert refunds(paid) == (["failed"], 0)
    assert books.balance("cash-stripe", "USD").minor == nowhere.bank.owed("USD") == 505
    assert not any(row.difference.minor for row in differing.standings())
    assert books.do_balance()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_see_it_at_once_one_books_it(nowhere, paid, given_back):
    fail(nowhere)

    def see():
        look(nowhere, paid)

    racing.race([see, see, see, lambda: compare(nowhere)])

    assert refunds(paid) == (["failed"], 0)
    assert every_cent_is_explained(nowhere)


@pytest.mark.django_db(transaction=True)
def test_what_nobody_had_heard_of_is_booked_once_by_many_at_once(nowhere, paid):
    nowhere.bank.refund_by_hand(paid.latest_attempt.remote_id, 200)
    fail(nowhere)

    racing.race([lambda: compare(nowhere)] * 4)

    assert refunds(paid) == (["failed"], 0)
    assert every_cent_is_explained(nowhere)
