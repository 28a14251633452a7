"""Statements kept once, with nobody in them; whether they add up; whether one is missing."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tamizdat.lib.creditor_reference import reference_from
from tamizdat.payments.models import BankLine, BankStatement
from tamizdat.payments.statements import camt, checking, taking_in
from tamizdat.payments.statements.reading import NotAStatement
from tests.conftest import NOON
from tests.payments.camt_file import DAY, NAME, OURS, THEIRS, document, entry, of, statement

pytestmark = pytest.mark.django_db
REFERENCE = reference_from(7)
WEEK = [DAY + timedelta(days=n) for n in range(7)]


def take(content, accounts=None):
    accounts = accounts or {OURS: "EUR"}
    return taking_in.take_in(camt.read(content), accounts=accounts, now=NOON)


def test_what_is_needed_is_kept():
    take(of(entry(500, f"gift {REFERENCE}", number="N1")))

    line = BankLine.objects.get()
    assert (line.amount_minor, line.currency, line.booked_on) == (500, "EUR", DAY)
    assert (line.reference, line.country, line.entry_id) == (REFERENCE, "DE", "N1")
    assert line.text == f"gift {REFERENCE}"


def test_no_name_no_account_and_no_word_of_a_sender_is_in_the_database():
    take(of(entry(500, "for the newspaper"), entry(-900, "rent of the office")))

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM payments_bankline")
        dump = repr([[bytes(c) if isinstance(c, memoryview) else c for c in r] for r in cursor])
    for word in (NAME, THEIRS, THEIRS[4:12], "newspaper", "rent"):
        assert word not in dump


def test_rent_and_wages_keep_no_text_at_all():
    take(of(entry(-900, "rent of the office")))

    line = BankLine.objects.get()
    assert (line.state, line.sealed_text) == (BankLine.State.SET_ASIDE, None)


def test_the_same_file_twice_changes_nothing():
    content = of(entry(500, number="N1"), entry(500, number="N1"), entry(-900), closing=100)
    first = take(content)

    again = take(content)

    assert (first.lines, first.statements) == (3, 1)
    assert (again.lines, again.known, again.statements) == (0, 3, 0)
    assert BankLine.objects.count() == 3


def test_two_that_are_alike_in_one_statement_are_two_and_in_two_statements_one():
    one, two = entry(500, "gift"), entry(500, "gift")

    take(of(one, two, number="whole day"))
    take(of(one, number="until noon"))
    take(document(statement(one, number="A"), statement(one, two, number="B")))

    assert BankLine.objects.count() == 2


def test_what_overlaps_is_taken_in_once():
    days = [entry(100 + n, day=day) for n, day in enumerate(WEEK)]

    take(of(*days[:4], number="1"))
    taken = take(of(*days[2:], number="2"))

    assert (taken.lines, taken.known) == (3, 2)
    assert BankLine.objects.count() == 7


def test_two_statements_in_a_file_are_two():
    taken = take(document(statement(entry(1), number="1"), statement(entry(2), number="2")))

    assert (taken.statements, taken.lines) == (2, 2)


def test_an_account_that_is_none_of_ours_is_refused_and_nothing_is_kept():
    good, bad = statement(entry(1)), statement(entry(2), account=THEIRS)

    with pytest.raises(NotAStatement, match="none of those under"):
        take(document(good, bad))
    assert BankStatement.objects.count() == 0


def test_a_problem_is_told_and_the_rest_is_kept():
    taken = take(of(entry(1), entry(2, sum=""), entry(3), closing=6))

    assert taken.problems == ["Statement S1: entry 2: it has no amount"]
    assert BankLine.objects.count() == 2
    assert BankStatement.objects.get().unread == 1
    (checked,) = checking.all_of_them()
    assert checked.missing.minor == 2  # what could not be read is seen in the balance


def test_statements_that_follow_each_other_are_good():
    for n, day in enumerate(WEEK):
        words = {"opening": n * 100, "closing": (n + 1) * 100, "first": day, "last": day}
        take(of(entry(100, day=day), number=str(n), **words))

    assert all(checked.is_good for checked in checking.all_of_them())


def test_a_missing_statement_is_seen():
    for n in (0, 1, 3):
        words = {"opening": n * 100, "closing": (n + 1) * 100, "first": WEEK[n], "last": WEEK[n]}
        take(of(entry(100, day=WEEK[n]), number=str(n), **words))

    gaps = [one.statement.number for one in checking.all_of_them() if one.is_gap_before]
    assert gaps == ["3"]


def test_a_day_that_a_longer_statement_covers_is_no_gap():
    take(of(entry(100, day=WEEK[0]), closing=100, number="first", first=WEEK[0], last=WEEK[0]))
    days = [entry(100, day=day) for day in WEEK[1:]]
    words = {"opening": 100, "closing": 700, "first": WEEK[1], "last": WEEK[6]}
    take(of(*days, number="week", **words))
    words = {"opening": 300, "closing": 400, "first": WEEK[3], "last": WEEK[3]}
    take(of(entry(100, day=WEEK[3]), number="day", **words))

    assert all(checked.is_good for checked in checking.all_of_them())


def test_a_sum_that_is_wrong_by_a_cent_is_seen():
    take(of(entry(100), opening=0, closing=101))

    (checked,) = checking.all_of_them()
    assert checked.missing.minor == 1
    assert not checked.is_good


def test_two_references_in_one_transfer_are_for_a_person():
    take(of(entry(500, f"{REFERENCE} {reference_from(8)}")))

    assert BankLine.objects.get().reference == ""


def test_the_country_is_that_of_the_bank_where_accounts_have_none():
    take(of(entry(500, iban="40817810099910004312", bic="SABRRUMM"), entry(600, iban="")))

    assert set(BankLine.objects.values_list("country", flat=True)) == {"RU", ""}


def test_an_empty_statement_is_kept_for_its_balance():
    take(of(opening=100, closing=100, first=date(2026, 11, 1)))

    assert BankStatement.objects.get().from_on == date(2026, 11, 1)
