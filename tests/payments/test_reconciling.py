"""The books and what each provider says of our money: the same to the cent, or a person is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import awaiting, booking, differing, reconciling, settling
from tamizdat.payments.errors import Unreachable
from tamizdat.payments.models import Charge, Difference, KeptLine, Reconciliation
from tests import racing
from tests.conftest import NOON
from tests.payments.banks import BANKS, only
from tests.payments.paying import open_page, take

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOON + timedelta(hours=1)


@pytest.fixture(params=BANKS)
def nowhere(request):
    """Each bank in turn, at noon."""
    with only(BANKS[request.param]()) as bank:
        bank.set_clock(NOON)
        yield bank


def pay(nowhere, minor=500, *, now=NOON):
    charge = Charge.objects.create(amount_minor=minor, currency="EUR", created_at=now)
    nowhere.pay(open_page(charge, now=now).url)
    settling.resolve(charge.latest_attempt, now=now)
    return charge


def payment_of(charge):
    return charge.latest_attempt.remote_id


def reconcile(nowhere, *, now=LATER, since=None):
    return reconciling.reconcile(nowhere.provider, since=since, now=now)


def differences(state="open"):
    found = Difference.objects.filter(state=state).order_by("pk")
    return [(d.kind, d.movement, d.ours_minor, d.theirs_minor) for d in found]


def all_agree(nowhere):
    cash = books.balance(booking.cash(nowhere.provider.code), "EUR").minor
    (row,) = differing.standings()
    assert (row.ours.minor, row.theirs.minor, row.unexplained.minor) == (cash, cash, 0)
    return cash == nowhere.bank.owed("EUR") and not differences()


def test_what_is_in_both_is_no_difference(nowhere, paid):
    assert reconcile(nowhere).differences == 0
    assert KeptLine.objects.get().net == Money(455, "EUR")
    assert all_agree(nowhere)


def test_a_year_of_gifts_costs_a_few_questions(nowhere, django_assert_max_num_queries):
    for _ in range(5):
        pay(nowhere)
    with django_assert_max_num_queries(30):
        reconcile(nowhere)


def test_payouts_are_booked_by_their_id_with_their_fee(nowhere, paid):
    payout = nowhere.bank.pay_out("EUR")

    reconcile(nowhere)
    reconcile(nowhere)

    assert books.balance("bank", "EUR") == Money(430, "EUR")
    assert books.balance("fees", "EUR") == Money(45 + 25, "EUR")
    assert books.written([f"{nowhere.provider.code}:{payout}"])
    assert all_agree(nowhere)


def test_a_payout_that_comes_back_is_with_the_provider_again(paid, nowhere):
    if nowhere.provider.code == "demo-bank":
        pytest.skip("its payouts always arrive")
    payout = nowhere.bank.pay_out("EUR")
    nowhere.bank.bring_back(payout)

    reconcile(nowhere)

    assert books.balance("bank", "EUR") == Money(0, "EUR")
    assert books.written([f"{nowhere.provider.code}:{payout}:returned"])
    assert awaiting.awaited() == []
    assert all_agree(nowhere)


def test_a_fee_of_no_payment_in_particular_is_booked(paid, nowhere):
    if nowhere.provider.code != "stripe":
        pytest.skip("only Stripe has such")
    nowhere.bank.charge_for_itself(7, "EUR")

    reconcile(nowhere)

    assert books.balance("fees", "EUR") == Money(52, "EUR")
    assert all_agree(nowhere)


def test_what_no_webhook_told_is_found_and_booked(nowhere, paid):
    """A gift, a refund elsewhere, disputes won and lost, a late fee."""
    nowhere.bank.dial.turn(late_fee=1, lose=99)
    nowhere.bank.keeps_quiet = True
    late, won, lost = pay(nowhere, 700), pay(nowhere, 800), pay(nowhere, 900)
    nowhere.bank.keeps_quiet = False
    nowhere.bank.refund_by_hand(payment_of(paid), 200)
    nowhere.bank.decide(nowhere.bank.dispute(payment_of(won)), won=True)
    nowhere.bank.decide(nowhere.bank.dispute(payment_of(lost)), won=False)

    assert reconcile(nowhere).differences == 0

    late.refresh_from_db()
    assert [d.state for d in won.disputes.all()] == ["won"]
    assert [d.state for d in lost.disputes.all()] == ["lost"]
    assert paid.refunds.get().amount_minor == 200
    assert all_agree(nowhere)


def test_a_gift_that_was_taken_and_never_heard_of_is_booked(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    nowhere.bank.dial.turn(pend=1)
    settling.resolve(charge.latest_attempt, now=NOON)
    nowhere.bank.dial.turn(lose=9)
    for payment in nowhere.bank.payments():
        nowhere.bank.settle(payment["id"])

    reconcile(nowhere)

    charge.refresh_from_db()
    assert charge.state == "succeeded"
    assert all_agree(nowhere)


def test_what_only_they_have_is_put_to_a_person(nowhere, paid):
    charge = Charge.objects.create(amount_minor=700, currency="EUR", created_at=NOON)
    nowhere.pay(open_page(charge).url)
    attempt = charge.latest_attempt
    settling.close_unpaid(attempt, reason="canceled", is_hard=False, now=NOON)
    take_all_the_same(nowhere, attempt)

    assert reconcile(nowhere).differences == 1

    assert differences() == [("only_theirs", "payment", 0, 650)]
    (row,) = differing.standings()
    assert (row.difference.minor, row.unexplained.minor) == (650, 650)


def take_all_the_same(nowhere, attempt):
    take(nowhere.provider, nowhere.provider.fetch(remote_id=attempt.remote_id))


def test_what_only_we_have_is_told_after_two_days(nowhere, paid):
    forget_lines(nowhere)

    assert reconcile(nowhere, now=NOON + DAY).differences == 0
    assert reconcile(nowhere, now=NOON + 3 * DAY).differences == 1

    assert differences() == [("only_ours", "", 455, 0)]


def forget_lines(nowhere):
    nowhere.provider.account_lines = lambda **_: iter(())


def test_what_could_not_be_found_out_is_tried_again_the_next_time(nowhere, paid):
    nowhere.bank.dial.turn(lose=9)
    nowhere.bank.refund_by_hand(payment_of(paid), 200)
    lines = list(nowhere.provider.account_lines(since=NOON - DAY, until=LATER))
    nowhere.provider.account_lines = lambda **_: iter(lines)
    nowhere.bank.dial.turn(break_before=1)
    assert reconcile(nowhere).differences == 1

    forget_lines(nowhere)

    assert reconcile(nowhere, now=NOON + 9 * DAY).differences == 0
    assert paid.refunds.get().amount_minor == 200


def test_a_line_that_comes_late_closes_it(nowhere, paid):
    tells = nowhere.provider.account_lines
    forget_lines(nowhere)
    reconcile(nowhere, now=NOON + 3 * DAY)
    nowhere.provider.account_lines = tells

    reconcile(nowhere, since=NOON - DAY, now=NOON + 4 * DAY)

    assert differences("resolved") == [("only_ours", "", 455, 0)]
    assert all_agree(nowhere)


def test_another_sum_than_was_booked_is_a_difference(nowhere, paid):
    (line,) = nowhere.provider.account_lines(since=NOON - DAY, until=LATER)
    line.__dict__["gross"] = Money(499, "EUR")
    nowhere.provider.account_lines = lambda **_: iter([line])

    reconcile(nowhere)

    assert differences() == [("different", "payment", 455, 454)]


def test_what_came_in_parts_is_compared_as_a_whole(nowhere, paid):
    (line,) = nowhere.provider.account_lines(since=NOON - DAY, until=LATER)
    parts = [
        replace(line, id=f"part-{n}", gross=Money(minor, "EUR"), fee=Money(fee, "EUR"))
        for n, minor, fee in ((1, 200, 20), (2, 300, 26))
    ]
    nowhere.provider.account_lines = lambda **_: iter(parts)

    assert reconcile(nowhere).differences == 0
    assert books.balance("fees", "EUR") == Money(46, "EUR")


def test_done_again_or_from_the_beginning_it_is_as_done_once(nowhere, paid):
    nowhere.bank.refund_by_hand(payment_of(paid), 200)
    first = reconcile(nowhere)
    before = books.trial_balance()

    assert (first.lines, reconcile(nowhere, since=NOON - 400 * DAY).lines) == (2, 0)
    assert books.trial_balance() == before


def test_it_goes_on_where_it_was_cut_off(nowhere, paid):
    nowhere.set_clock(NOON + 20 * DAY)
    nowhere.bank.refund_by_hand(payment_of(paid), 200)
    tells, asked = nowhere.provider.account_lines, []

    def tell(*, since, until):
        asked.append(since)
        if len(asked) == 2:
            raise Unreachable("cut off")
        return tells(since=since, until=until)

    nowhere.provider.account_lines = tell
    with pytest.raises(Unreachable):
        reconcile(nowhere, now=NOON + 21 * DAY)
    assert Reconciliation.objects.get().until == asked[1]

    reconcile(nowhere, now=NOON + 21 * DAY)

    assert asked[2] == asked[1] - nowhere.provider.told_within
    assert all_agree(nowhere)


def test_once_a_day_and_after_days_without_a_worker(nowhere, paid):
    asked = []
    tells = nowhere.provider.account_lines
    nowhere.provider.account_lines = lambda **span: asked.append(span) or tells(**span)

    for hours in (1, 2, 11, 13, 14):
        reconciling.keep_up(now=NOON + timedelta(hours=hours))
    assert len(asked) == 2  # on the first day, and after midnight

    reconciling.keep_up(now=NOON + 20 * DAY)
    assert len(asked) == 2 + 3  # three weeks


def test_a_provider_that_does_not_answer_is_asked_again_a_quarter_of_an_hour_later(nowhere, paid):
    nowhere.bank.dial.turn(break_before=1)

    assert reconciling.keep_up(now=LATER) == 0
    assert reconciling.keep_up(now=LATER + timedelta(minutes=1)) == 0
    assert reconciling.keep_up(now=LATER + timedelta(minutes=15)) == 1


def test_where_nothing_was_ever_asked_nothing_is_reconciled(nowhere, db):
    assert reconciling.keep_up(now=LATER) == 0
    assert not Reconciliation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_does_it(nowhere, paid):
    nowhere.bank.pay_out("EUR")

    racing.race([lambda: reconciling.keep_up(now=LATER)] * 4)

    assert all_agree(nowhere)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_do_it_by_hand_each_line_counts_once(nowhere, paid):
    nowhere.bank.refund_by_hand(payment_of(paid), 200)
    nowhere.bank.pay_out("EUR")

    racing.race([lambda: reconcile(nowhere)] * 4)

    assert KeptLine.objects.count() == 3
    assert all_agree(nowhere)


class TestExplained:
    @pytest.fixture
    def difference(self, nowhere, paid):
        forget_lines(nowhere)
        reconcile(nowhere, now=NOON + 3 * DAY)
        return Difference.objects.get()

    @pytest.fixture
    def ana(self, django_user_model):
        return django_user_model.objects.create_user("ana")

    def test_it_stays_explained(self, nowhere, difference, ana):
        differing.explain(difference, note="they lost it", by=ana, now=LATER)

        assert reconcile(nowhere, now=NOON + 4 * DAY).differences == 0
        (row,) = differing.standings()
        assert (row.difference.minor, row.unexplained.minor) == (-455, 0)

    def test_believed_the_books_hold_what_the_provider_holds(self, nowhere, difference, ana):
        differing.believe(difference, note="it never came", by=ana, now=LATER)

        reconcile(nowhere, now=NOON + 4 * DAY)

        assert books.balance(booking.cash(nowhere.provider.code), "EUR").minor == 0
        assert books.balance("suspense", "EUR").minor == 455
        assert not differences()

    def test_other_sums_later_open_it_again(self, nowhere, difference, ana):
        differing.explain(difference, note="they lost it", by=ana, now=LATER)
        del nowhere.provider.account_lines
        (line,) = nowhere.provider.account_lines(since=NOON - DAY, until=LATER)
        line.__dict__["gross"] = Money(499, "EUR")
        nowhere.provider.account_lines = lambda **_: iter([line])

        assert reconcile(nowhere, now=NOON + 4 * DAY).differences == 1


def test_the_key_that_a_correction_corrects():
    keys = ("p:x", "p:x:1", "p:x:won", "p:x:won:9", "p:x:by-hand", "p:x:12")
    firsts = ["p:x", "p:x", "p:x:won", "p:x:won", "p:x", "p:x:12"]

    assert [booking.key_corrected(key) for key in keys] == firsts
