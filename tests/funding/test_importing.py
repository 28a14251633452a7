"""Supporters come from another system with their cards, and are neither asked nor charged twice."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from tamizdat.funding import purging, schedule, selfservice
from tamizdat.funding.models import Letter, Pledge, RiskRule, Supporter
from tamizdat.lib.money import Money
from tamizdat.lib.months import due_on
from tests.conftest import NOON
from tests.demo_bank.nowhere import RUSSIAN, WORKS
from tests.payments.banks import at_each

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("outlet")]
HEAD = "id,address,amount,currency,interval,anchor_on,next_due_on,token,language\n"
SOON = (datetime.now(UTC) + timedelta(days=40)).date().replace(day=15)


def at(nowhere):
    return f"--provider={nowhere.provider.code}"


@pytest.fixture
def come(tmp_path, nowhere):
    """Take in the rows of a file; what was said."""

    def come(*rows, flags=()):
        file, said = tmp_path / "supporters.csv", io.StringIO()
        file.write_text(HEAD + "\n".join(rows))
        try:
            call_command("pledges", "import", str(file), at(nowhere), *flags, stdout=said)
        except CommandError as error:
            said.write(str(error))
        return said.getvalue()

    return come


def row(token, *, number=1, due=SOON, anchor="", **changes):
    words = {"amount": "2.50", "currency": "USD", "interval": "month", "language": "en"} | changes
    fields = [f"sub_{number}", f"reader{number}@example.org", words["amount"], words["currency"]]
    return ",".join([*fields, words["interval"], str(anchor), str(due), token, words["language"]])


@at_each
def test_a_card_kept_elsewhere_is_charged_on_its_next_day_and_not_before(come, nowhere):
    said = come(row(nowhere.bank.keep(WORKS)))
    assert "1 taken in" in said

    pledge = Pledge.objects.get()
    assert (pledge.money, pledge.state) == (Money(250, "USD"), "active")
    due = datetime.combine(SOON, NOON.timetz())
    assert schedule.charge_due(now=due - timedelta(days=1)) == 0
    assert schedule.charge_due(now=due) == 1
    assert len(nowhere.money_taken()) == 1


def test_the_address_stays_as_long_as_the_gift_goes_on(come, nowhere):
    come(row(nowhere.bank.keep(WORKS)))
    supporter = Supporter.objects.get()
    a_month = timedelta(days=30)

    assert purging.forget_unpaid(now=supporter.created_at + a_month) == 0
    assert Supporter.objects.get().address == "reader1@example.org"

    selfservice.stop(Pledge.objects.get(), now=NOON)
    assert purging.forget_unpaid(now=supporter.created_at + a_month) == 1


@at_each
def test_a_second_run_changes_nothing_even_after_a_stop(come, nowhere):
    token = nowhere.bank.keep(WORKS)
    come(row(token))
    Pledge.objects.update(state="stopped", next_due_on=None)

    assert "1 known already" in come(row(token))
    assert Pledge.objects.get().state == "stopped"


@at_each
def test_a_card_whose_country_is_a_never_leaves_nothing_here(come, nowhere):
    RiskRule.objects.create(country="RU", action="never", starts_on=NOON.date())

    said = come(row(nowhere.bank.keep(RUSSIAN)))

    assert "may endanger its giver" in said
    assert not Supporter.objects.exists()


def test_the_anchor_is_kept_when_a_month_is_short(come, nowhere):
    anchor = SOON.replace(month=1, day=31)
    february, march = due_on(anchor, 13), due_on(anchor, 14)

    come(row(nowhere.bank.keep(WORKS), anchor=anchor, due=february))

    assert Pledge.objects.get().period_after(february) == march


@pytest.mark.parametrize("nowhere", ["stripe"], indirect=True)
def test_what_stripe_still_charges_by_itself_is_not_charged_by_us_too(come, nowhere):
    runs, ends = nowhere.bank.keep(WORKS), nowhere.bank.keep(WORKS)
    nowhere.bank.subscribe(runs)
    nowhere.bank.subscribe(ends, ends=True)

    said = come(row(runs), row(ends, number=2))

    assert "line 2: stripe still charges this card" in said
    assert "1 left out, 1 taken in" in said


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount": "2.505"}, "plain number"),
        ({"amount": "0"}, "more than nothing"),
        ({"currency": "XYZ"}, "does not take XYZ"),
        ({"interval": "week"}, "month or year"),
        ({"due": "31.12.2026"}, "2026-03-31"),
        ({"due": "2026-01-15"}, "has come"),
        ({"anchor": "2026-01-07"}, "no due day"),
    ],
)
def test_a_bad_row_is_left_out_by_its_number_and_names_nobody(come, nowhere, changes, why):
    token = nowhere.bank.keep(WORKS)
    said = come(row(token, **changes), row(nowhere.bank.keep(WORKS), number=2))

    assert f"line 2: {why}" in said or why in said.split("line 2: ")[1]
    assert "reader1" not in said
    assert Pledge.objects.count() == 1


def test_a_token_that_nobody_knows_is_left_out(come):
    assert "knows no card" in come(row("tok_nothing"))


def test_a_rehearsal_writes_nothing(come, nowhere):
    said = come(row(nowhere.bank.keep(WORKS)), flags=["--dry-run"])

    assert "It would be: 1 taken in" in said
    assert not Pledge.objects.exists()


def test_who_is_told_gets_a_link_and_nobody_else_does(come, nowhere):
    come(row(nowhere.bank.keep(WORKS)))
    assert not Letter.objects.exists()

    come(row(nowhere.bank.keep(WORKS), number=2), flags=["--tell"])
    assert Letter.objects.get().kind == "link"


def test_a_file_without_a_column_says_which(tmp_path, nowhere):
    (tmp_path / "x.csv").write_text("id,address\n1,a@b.example\n")
    with pytest.raises(CommandError, match="amount, currency, interval, next_due_on, token is"):
        call_command("pledges", "import", str(tmp_path / "x.csv"), at(nowhere))
