"""From one vault key to the next, with nobody lost on the way."""

import pytest
from django.core.management import call_command

from tamizdat.appeals import links, reminding
from tamizdat.appeals.models import LeftAlone, Reminder
from tamizdat.appeals.months import Month
from tamizdat.appeals.reminding import Wish
from tamizdat.funding import schedule
from tamizdat.funding.models import Supporter
from tamizdat.lib.vault import CannotOpen, new_key
from tests.conftest import NOON
from tests.funding.givers import ADDRESS, at, give, pledge_of, wish

pytestmark = pytest.mark.usefixtures("outlet")


def remind(address):
    asked = Wish(address=address, month=Month(2027, 3), language="en")
    reminding.remember(asked, now=NOON)


def rotate(settings):
    """As operating.md says: a new key in front, reseal, the old key away."""
    settings.VAULT_KEY = f"{new_key()}\n{settings.VAULT_KEY}"
    call_command("reseal")
    settings.VAULT_KEY = settings.VAULT_KEY.split()[0]


def test_a_new_key_in_front_finds_and_opens_what_was_there(nowhere, settings):
    give(nowhere, wish())
    settings.VAULT_KEY = f"{new_key()}\n{settings.VAULT_KEY}"

    give(nowhere, wish())

    assert Supporter.objects.get().address == ADDRESS


def test_after_a_rotation_addresses_are_found_opened_and_mailed_and_cards_charged(
    nowhere, settings
):
    pledge_of(nowhere, now=at(2027, 1, 31))
    remind(ADDRESS)
    rotate(settings)

    remind(ADDRESS)
    assert Reminder.objects.get().address == Supporter.objects.get().address == ADDRESS
    assert schedule.charge_due(now=at(2027, 2, 28)) == 1
    give(nowhere, wish(), now=at(2027, 3, 1))
    assert Supporter.objects.count() == 1
    assert len(nowhere.money_taken()) == 3


def test_after_a_rotation_old_links_forget_and_who_is_left_alone_stays_so(settings):
    remind(ADDRESS)
    token = links.token_for(Reminder.objects.get().index, now=NOON)
    rotate(settings)

    reminding.leave_alone(links.read(token, now=NOON).index, now=NOON)
    remind(ADDRESS)

    assert (Reminder.objects.count(), LeftAlone.objects.count()) == (0, 1)


def test_a_rotation_is_done_once_and_passes_over_the_forgotten(nowhere, settings, capsys):
    give(nowhere, wish("once"))
    give(nowhere, wish("once", address="beso@example.org"))
    Supporter.objects.earliest("pk").erase()
    settings.VAULT_KEY = f"{new_key()}\n{settings.VAULT_KEY}"

    call_command("reseal")
    call_command("reseal")

    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["1", "0"]


def test_without_the_old_key_it_stops_and_alters_nothing(nowhere, settings):
    give(nowhere, wish("once"))
    before = bytes(Supporter.objects.get().sealed_key)
    settings.VAULT_KEY = new_key()

    with pytest.raises(CannotOpen):
        call_command("reseal")
    assert bytes(Supporter.objects.get().sealed_key) == before
