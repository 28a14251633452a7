"""What was paid out and is in no statement: on its way, then late, until it arrives or is told."""

from datetime import timedelta

import pytest

from tamizdat.ledger import books
from tamizdat.payments import arriving, awaiting, differing
from tamizdat.payments.models import BankLine, Difference
from tests.conftest import NOON
from tests.payments.camt_file import entry
from tests.payments.payouts import SENT, paid_out, set_up, take  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("set_up")]
NAMED = "STRIPE 7F3K21"
DAY = timedelta(days=1)
BY_THEN = SENT.date() + 11 * DAY


def figures():
    """In euros: sent, arrived, on its way, late."""
    (row,) = awaiting.standings()
    return [each.minor for each in (row.sent, row.arrived, row.on_its_way, row.late)]


def differences():
    """Those that are open, after all that is certain was done."""
    awaiting.keep_up(now=NOON)
    found = Difference.objects.open().filter(provider="bank").order_by("pk")
    return [(each.key, each.kind, each.ours_minor, each.theirs_minor) for each in found]


LATE = [("stripe:po_1", "only_ours", 10_000, 0)]


def arrive(**words):
    take(entry(10_000, NAMED, day=SENT.date() + 3 * DAY), number="with it", **words)


def test_before_any_payout_there_is_nothing():
    assert awaiting.standings() == []
    assert differences() == []


def test_without_statements_it_is_on_its_way_and_nobody_is_alarmed():
    paid_out()

    assert differences() == []
    assert figures() == [10_000, 0, 10_000, 0]
    assert awaiting.standings()[0].read is None


def test_what_arrived_is_not_on_its_way():
    paid_out()
    paid_out(7_000, name="po_2")
    take(entry(10_000, NAMED), last=BY_THEN - DAY)

    assert differences() == []
    assert figures() == [17_000, 10_000, 7_000, 0]


def test_what_statements_should_have_and_have_not_is_told():
    paid_out()
    take(last=BY_THEN - DAY)
    assert differences() == []

    take(last=BY_THEN, number="the next day")

    assert differences() == LATE
    assert figures() == [10_000, 0, 10_000, 10_000]
    found = Difference.objects.get()
    awaiting.keep_up(now=NOON + DAY)
    assert Difference.objects.get().found_at == found.found_at


def test_statements_in_another_currency_say_nothing_of_it():
    paid_out(currency="USD")
    take(last=BY_THEN)

    assert differences() == []


def test_what_was_sent_before_the_first_statement_is_not_asked_for():
    paid_out()
    take(first=SENT.date() + DAY, last=BY_THEN)

    assert differences() == []
    assert awaiting.standings() == []


def test_unless_it_is_in_one():
    paid_out()
    take(entry(10_000, NAMED, day=SENT.date() + DAY), first=SENT.date() + DAY, last=BY_THEN)

    assert differences() == []
    assert figures() == [10_000, 10_000, 0, 0]


def test_it_is_no_difference_any_more_once_it_is_found():
    paid_out()
    take(last=BY_THEN)
    assert differences() == LATE

    arrive()

    assert differences() == []
    assert Difference.objects.get().state == "resolved"


def test_a_person_who_links_it_closes_the_difference_at_once():
    payout = paid_out()
    take(entry(10_000, "7F3K21"), last=BY_THEN)
    assert differences() == LATE

    arriving.link(BankLine.objects.get(), payout, now=NOON)

    assert Difference.objects.get().state == "resolved"


def explain(verb):
    verb(Difference.objects.get(), note="the bank lost it", by=None, now=NOON)


def test_what_is_explained_stays_so_until_it_arrives():
    paid_out()
    take(last=BY_THEN)
    assert differences() == LATE
    explain(differing.explain)
    assert differences() == []
    assert Difference.objects.get().state == "explained"

    arrive()

    assert differences() == []
    assert Difference.objects.get().state == "resolved"


def test_the_bank_can_be_believed_and_what_then_arrives_after_all_is_told():
    paid_out()
    take(last=BY_THEN)
    assert differences() == LATE
    explain(differing.believe)
    assert differences() == []
    assert (balance("bank"), balance("suspense"), balance("cash-stripe")) == (0, 10_000, -10_000)

    arrive()

    assert differences() == [("stripe:po_1", "different", 0, 10_000)]


def balance(account):
    return books.balance(account, "EUR").minor


def test_what_came_back_before_it_arrived_is_not_awaited():
    paid_out()
    take(last=BY_THEN)
    assert differences() == LATE

    paid_out(-10_000, at=SENT + 2 * DAY)

    assert differences() == []
    assert awaiting.standings() == []
    assert balance("bank") == 0


def test_what_came_back_after_it_arrived_must_leave_our_account():
    paid_out()
    arrive(last=BY_THEN)
    paid_out(-10_000, at=SENT + 5 * DAY)
    assert differences() == []
    assert figures() == [0, 10_000, -10_000, 0]

    take(last=BY_THEN + 5 * DAY, number="later")
    assert differences() == [("stripe:po_1:returned", "only_ours", -10_000, 0)]

    back = SENT.date() + 6 * DAY
    take(entry(-10_000, NAMED, day=back, code="RRTN"), last=BY_THEN + 5 * DAY, number="found")
    assert differences() == []
    assert figures() == [0, 0, 0, 0]
