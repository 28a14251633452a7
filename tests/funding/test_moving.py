"""A provider drops the newsroom overnight; its pledges go on at another one."""

import io

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from tamizdat.funding import moving, schedule
from tamizdat.funding.importing import BadRow
from tamizdat.funding.models import Pledge, RiskRule
from tamizdat.payments import charging
from tests.demo_bank.nowhere import RUSSIAN, WORKS
from tests.funding.givers import at, pledge_of, work_daily
from tests.payments.banks import only

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("outlet")]
FEBRUARY = at(2026, 2, 28)
JANUARY = at(2026, 1, 31)


@pytest.fixture
def pledge(nowhere):
    return pledge_of(nowhere, now=JANUARY)


def run(tmp_path, tokens, *flags):
    file, said = tmp_path / "tokens.csv", io.StringIO()
    file.write_text("old,new\n" + "".join(f"{old},{new}\n" for old, new in tokens.items()))
    ends = ["--from=demo-bank", "--to=stripe"]
    try:
        call_command("pledges", "move", str(file), *ends, *flags, stdout=said)
    except CommandError as error:
        said.write(str(error))
    return said.getvalue()


def test_the_next_gift_is_taken_by_the_other_bank_on_the_same_day(
    tmp_path, nowhere, stripe, pledge
):
    old = pledge.instrument
    assert "1 moved" in run(tmp_path, {old.token: stripe.bank.keep(WORKS)})

    assert schedule.charge_due(now=FEBRUARY) == 1

    assert (len(nowhere.money_taken()), len(stripe.money_taken())) == (1, 1)
    old.refresh_from_db()
    assert old.state == "revoked"
    assert "nothing to do" in run(tmp_path, {})


def test_from_a_bank_that_is_not_set_up_any_more(tmp_path, stripe, pledge):
    with only(stripe):
        said = run(tmp_path, {pledge.instrument.token: stripe.bank.keep(WORKS)})

    assert "1 moved" in said
    assert Pledge.objects.get().instrument.provider == "stripe"


def test_while_the_old_bank_is_not_set_up_nothing_is_a_try_and_no_gift_ends(
    tmp_path, stripe, pledge
):
    with only(stripe):
        assert work_daily(start=FEBRUARY, days=60) == 0
        run(tmp_path, {pledge.instrument.token: stripe.bank.keep(WORKS)})

        assert schedule.charge_due(now=at(2026, 4, 29)) == 1

    assert len(stripe.money_taken()) == 1
    assert all("asking your bank" not in message.subject for message in mail.outbox)


def test_a_bank_of_which_no_card_is_here_is_named(tmp_path, stripe):
    assert "No card here is of demo-bank" in run(tmp_path, {})


def test_who_is_not_in_the_file_stays_and_is_named(tmp_path, stripe, pledge):
    said = run(tmp_path, {})

    assert f"{pledge}: its card is not in the file" in said
    assert Pledge.objects.get().instrument == pledge.instrument


def test_a_card_of_a_never_country_stays_where_it_is(tmp_path, stripe, pledge):
    RiskRule.objects.create(country="RU", action="never", starts_on=JANUARY.date())

    said = run(tmp_path, {pledge.instrument.token: stripe.bank.keep(RUSSIAN)})

    assert "may endanger" in said
    assert Pledge.objects.get().instrument == pledge.instrument


def test_nothing_moves_while_the_old_bank_is_being_asked(nowhere, stripe, pledge):
    nowhere.bank.dial.turn(pend=1)
    schedule.charge_due(now=FEBRUARY)

    with pytest.raises(BadRow, match="again later"):
        moving.move(pledge, stripe.bank.keep(WORKS), provider=stripe.provider, now=FEBRUARY)


def test_a_worker_that_was_about_to_charge_the_old_card_ends_nothing(nowhere, stripe, pledge):
    due = schedule.claim(pledge, now=FEBRUARY)
    moving.move(pledge, stripe.bank.keep(WORKS), provider=stripe.provider, now=FEBRUARY)

    charging.charge_saved(charge=due.charge, instrument=due.pledge.instrument, now=FEBRUARY)

    pledge.refresh_from_db()
    assert pledge.state == "active"
    assert len(nowhere.money_taken()) == 1


def test_a_rehearsal_moves_nothing(tmp_path, stripe, pledge):
    said = run(tmp_path, {pledge.instrument.token: stripe.bank.keep(WORKS)}, "--dry-run")

    assert "It would be: 1 moved" in said
    assert Pledge.objects.get().instrument == pledge.instrument
