"""Money on its way back is told of: once, to whoever gave it, and to nobody in danger."""

import pytest
from django.core import mail

from tamizdat.funding import giving_back, letters
from tamizdat.funding.models import Letter
from tamizdat.lib.money import Money
from tamizdat.payments import refunding
from tamizdat.payments.errors import Unreachable
from tamizdat.payments.models.refund import QUIET
from tests.conftest import NOON
from tests.funding.givers import give, pledge_of, wish
from tests.payments.banks import at_each

pytestmark = pytest.mark.usefixtures("outlet")


def give_back(charge, minor):
    Letter.objects.all().delete()
    giving_back.give_back(
        charge, Money(minor, "USD"), reason="asked for it", number=1, by=None, now=NOON
    )
    letters.send_waiting(now=NOON)


@at_each
def test_a_part_is_told_of(nowhere):
    give_back(give(nowhere, wish("once")), 150)

    [message] = mail.outbox
    assert message.subject == "Money is on its way back to you"
    assert "You gave $5" in message.body
    assert "$1.50 of it was given back" in message.body


def test_so_is_the_whole_and_that_the_gift_goes_on(nowhere):
    give_back(pledge_of(nowhere).dues.get().charge, 500)

    assert "All of it was given back" in mail.outbox[0].body
    assert "The next gift is on" in mail.outbox[0].body


def test_who_left_no_address_is_not_written_to(nowhere):
    give_back(give(nowhere, wish("once", address="")), 150)

    assert mail.outbox == []


def test_nobody_is_written_to_about_a_halted_pledge(nowhere):
    pledge = pledge_of(nowhere)
    pledge.move_to("halted")

    give_back(pledge.dues.get().charge, 500)

    assert mail.outbox == []


def test_an_answer_that_was_lost_is_told_of_once_it_is_known(nowhere):
    charge = give(nowhere, wish("once"))
    nowhere.bank.dial.break_after = 1
    with pytest.raises(Unreachable):
        give_back(charge, 150)
    assert not Letter.objects.exists()

    refunding.resolve_open(now=NOON + QUIET)
    refunding.resolve_open(now=NOON + 2 * QUIET)

    assert Letter.objects.get().kind == "refunded"
