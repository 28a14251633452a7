"""Transfers: booked when all fits, put to a person when anything does not, never guessed."""

from datetime import date, timedelta

import pytest

from tamizdat.funding import crediting, halting, purging, schedule, selfservice
from tamizdat.funding.halting import Scope
from tamizdat.funding.models import Contribution, Letter, Pledge, RiskRule, Supporter
from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import charging, settling
from tamizdat.payments.models import Attempt, BankLine, Charge
from tests.conftest import NOON
from tests.funding.transfers import arrive, promised, reference, sent
from tests.payments.camt_file import DAY, entry
from tests.payments.transfers import transfer  # noqa: F401

pytestmark = pytest.mark.usefixtures("outlet", "transfer")
RUSSIAN = {"iban": "40817810099910004312", "bic": "SABRRUMM"}


def cash():
    return books.balance("cash-transfer", "EUR").minor


def never_from(country):
    RiskRule.objects.create(
        country=country, action=RiskRule.Action.NEVER, starts_on=date(2026, 1, 1)
    )


def standing(minor=500):
    """A pledge of which the first gift has arrived."""
    charge = promised("month", minor=minor)
    assert arrive(sent(charge)) == []
    return charge.due.pledge, charge


def test_a_gift_with_its_reference_and_sum_is_booked_by_itself():
    charge = promised()

    assert arrive(sent(charge)) == []

    charge.refresh_from_db()
    assert (charge.state, charge.succeeded_at.date()) == (Charge.State.SUCCEEDED, DAY)
    assert cash() == 500
    assert books.balance("reader-funding", "EUR") == Money(-500, "EUR")
    assert Letter.objects.get().kind == Letter.Kind.RECEIPT


def test_what_the_sender_wrote_is_gone_once_it_is_booked():
    charge = promised()
    arrive(sent(charge))

    line = BankLine.objects.get()
    assert (line.state, line.sealed_text) == (BankLine.State.BOOKED, None)
    assert line.attempt.charge == charge


def test_the_same_statement_twice_books_once():
    charge = promised()

    arrive(sent(charge), number="1")
    arrive(sent(charge), number="1")
    arrive(sent(charge), number="2")

    assert cash() == 500
    assert BankLine.objects.count() == 1


@pytest.mark.parametrize("lost", range(16))
def test_a_reference_that_lost_a_character_is_never_guessed(lost):
    charge = promised()
    written = reference(charge)

    waits = arrive(entry(500, written[:lost] + written[lost + 1 :]))

    assert waits == [crediting.NO_REFERENCE]
    assert cash() == 0


def test_two_gifts_one_character_apart_are_told_apart():
    first, second = promised(), promised(address="beso@example.org")

    arrive(sent(second))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (Charge.State.OPEN, Charge.State.SUCCEEDED)


@pytest.mark.parametrize("minor", [499, 501, 50_000])
def test_another_sum_than_promised_waits(minor):
    assert arrive(sent(promised(), minor)) == [crediting.OTHER_SUM]
    assert cash() == 0


def test_a_second_transfer_for_a_gift_made_once_waits():
    charge = promised()

    assert arrive(sent(charge), sent(charge)) == [crediting.AGAIN]
    assert cash() == 500


def test_what_was_called_off_waits():
    charge = promised()
    charging.cancel(charge, now=NOON)

    assert arrive(sent(charge)) == [crediting.CALLED_OFF]


def test_a_reference_of_nobody_waits():
    assert arrive(entry(500, "RF66WXXVGXGCSSVB")) == [crediting.UNKNOWN]


def test_the_first_gift_of_a_pledge_makes_it_one_that_is_never_asked():
    pledge, _ = standing()

    pledge.refresh_from_db()
    assert (pledge.state, pledge.anchor_on) == (Pledge.State.STANDING, DAY)
    assert (pledge.next_due_on, pledge.instrument) == (None, None)


def test_each_month_s_transfer_is_a_gift_of_its_own_period():
    pledge, charge = standing()
    shifted = [date(2026, 12, 23), date(2027, 1, 25), date(2027, 2, 22), date(2027, 3, 23)]

    for number, day in enumerate(shifted):
        assert arrive(sent(charge, day=day), number=str(number)) == []

    assert pledge.dues.filter(charge__state="succeeded").count() == 5
    periods = sorted(due.period_on for due in pledge.dues.all())
    assert [day.day for day in periods] == [23] * 5
    assert cash() == 2500
    assert Letter.objects.filter(kind="receipt", pledge=pledge).count() == 5


def test_nothing_is_ever_asked_and_nobody_dunned_for_years():
    pledge, _ = standing()

    for weeks in range(110):
        assert schedule.charge_due(now=NOON + timedelta(weeks=weeks)) == 0

    pledge.refresh_from_db()
    assert pledge.state == Pledge.State.STANDING
    assert Attempt.objects.count() == 1
    assert Letter.objects.exclude(kind="receipt").count() == 0


def test_two_in_one_period_wait():
    _, charge = standing()

    assert arrive(sent(charge, day=DAY + timedelta(days=3))) == [crediting.SAME_PERIOD]


def test_another_sum_of_an_order_waits():
    _, charge = standing()

    assert arrive(sent(charge, 700, day=date(2026, 12, 23))) == [crediting.OTHER_SUM]


def test_what_comes_after_its_reader_stopped_waits():
    pledge, charge = standing()
    selfservice.stop(pledge, now=NOON)

    assert arrive(sent(charge, day=date(2026, 12, 23))) == [crediting.ENDED]


@pytest.mark.parametrize("sender", [{"iban": "BY13NBRB3600900000002Z00AB00"}, RUSSIAN])
def test_what_comes_from_where_it_is_dangerous_is_never_booked(sender):
    never_from("BY")
    never_from("RU")
    charge = promised()

    assert arrive(sent(charge, **sender)) == [crediting.ENDANGERED]

    charge.refresh_from_db()
    assert charge.state == Charge.State.OPEN
    assert (cash(), Letter.objects.count()) == (0, 0)


def test_danger_comes_before_every_other_doubt():
    never_from("RU")

    waits = arrive(entry(500, "no reference"), entry(600, "none either", **RUSSIAN))

    assert waits == [crediting.ENDANGERED, crediting.NO_REFERENCE]


@pytest.mark.parametrize("scope", [Scope(country="DE"), Scope(provider="transfer"), Scope()])
def test_after_a_halt_what_comes_waits_to_be_sent_back(scope):
    pledge, charge = standing()

    report = halting.halt(scope, reason="", now=NOON)

    pledge.refresh_from_db()
    assert (report.pledges_halted, pledge.state) == (1, Pledge.State.HALTED)
    assert arrive(sent(charge, day=date(2026, 12, 23))) == [crediting.ENDANGERED]


def test_a_halt_of_another_country_leaves_an_order_alone():
    pledge, charge = standing()
    halting.halt(Scope(country="BY"), reason="", now=NOON)

    pledge.refresh_from_db()
    assert pledge.state == Pledge.State.STANDING
    assert arrive(sent(charge, day=date(2026, 12, 23))) == []


def test_what_the_bank_takes_back_waits_and_rent_does_not():
    charge = promised()
    arrive(sent(charge))

    waits = arrive(sent(charge, -500, number="R"), entry(-90_000, "rent"), number="2")

    assert waits == [crediting.WENT_BACK]
    assert cash() == 500


def test_an_address_is_kept_as_long_as_a_transfer_is_waited_for():
    promised()

    purging.forget_unpaid(now=NOON + timedelta(days=30))
    assert Supporter.objects.get().has_address

    purging.forget_unpaid(now=NOON + settling.PUSH_LIFETIME + timedelta(days=1))
    assert not Supporter.objects.get().has_address


def test_a_worker_that_was_killed_before_it_looked_is_followed_by_another():
    charge = promised()
    crediting_later = crediting.match_new
    try:
        crediting.match_new = lambda *, now: 0
        arrive(sent(charge))
    finally:
        crediting.match_new = crediting_later
    assert cash() == 0

    assert crediting.match_new(now=NOON) == 1
    assert crediting.match_new(now=NOON) == 0
    assert cash() == 500


def test_nobody_s_gift_is_booked_without_anyone():
    arrive(entry(500, "no reference"))

    crediting.book_without_giver(BankLine.objects.get(), language="en")

    gift = Contribution.objects.get()
    assert (gift.supporter, gift.charge.state) == (None, Charge.State.SUCCEEDED)
    assert cash() == 500
