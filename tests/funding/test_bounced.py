"""Mail to a supporter that comes back: the desk says since when, and nothing else changes."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from tamizdat.funding import access, confirming, exporting, giving, letters, selfservice
from tamizdat.funding.models import Letter, Supporter
from tamizdat.funding.models.letter import MOST_TRIES
from tamizdat.outlet.signals import mailbox_gone
from tests.conftest import NOON
from tests.funding.givers import ADDRESS, give, pledge_of, wish

pytestmark = pytest.mark.usefixtures("newsroom")
A_DAY = timedelta(days=1)
LONG_AGO = date(2026, 1, 1)


@pytest.fixture
def pledge(nowhere):
    return pledge_of(nowhere)


@pytest.fixture
def bounced(pledge):
    Supporter.objects.update(bounced_on=LONG_AGO)
    return pledge


@pytest.fixture
def desk(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("ana"))
    return client


def since():
    return Supporter.objects.get(address_index__isnull=False).bounced_on


def page_of(pledge, *, now):
    return f"/manage/{access.token_for(pledge.supporter, pledge, now=now)}/"


def test_since_the_first_day_on_which_nobody_is_there_and_the_gift_goes_on(pledge):
    before = pledge.supporter.address, pledge.state, pledge.next_due_on
    mailbox_gone.send(sender=None, address="Ana@Example.org")
    today = timezone.now().date()
    assert (since(), Letter.objects.count()) == (today, 0)

    Supporter.objects.update(bounced_on=LONG_AGO)
    mailbox_gone.send(sender=None, address=ADDRESS)
    pledge.refresh_from_db()
    assert since() == LONG_AGO
    assert (pledge.supporter.address, pledge.state, pledge.next_due_on) == before


def test_a_list_of_addresses_that_came_back_is_taken_for_supporters_too(pledge, tmp_path):
    listed = tmp_path / "list"
    listed.write_text(f"stranger@example.org\n{ADDRESS}\n")
    call_command("bounces", addresses=listed)

    assert since() == timezone.now().date()


@pytest.mark.parametrize("answer", ["550 5.7.1 no", "550 5.1.1 unknown", "452 4.2.2 full"])
def test_what_is_refused_for_a_fortnight_is_given_up(pledge, server, answer):
    tries = []
    server.greet = lambda to: tries.append(to) or answer
    for hours in range(0, 30 * 24):
        letters.send_waiting(now=NOON + timedelta(hours=hours))

    assert len(tries) == MOST_TRIES
    assert not Letter.objects.exists()
    assert timedelta(days=11) < since() - NOON.date() < timedelta(days=15)


def test_a_server_that_is_down_gives_up_none(pledge, settings, server):
    settings.EMAIL_PORT = 1
    for days in range(30):
        letters.send_waiting(now=NOON + days * A_DAY)

    assert (since(), Letter.objects.count()) == (None, 1)


def test_what_is_new_is_mailed_all_the_same(bounced, server):
    Letter.objects.all().delete()
    selfservice.pause(bounced, 1, now=NOON)

    assert letters.send_waiting(now=NOON) == 1
    assert since() == LONG_AGO  # the server that takes it may be another's


@pytest.mark.parametrize(("mailed", "is_cleared"), [(-A_DAY, False), (0 * A_DAY, True)])
def test_a_link_that_was_mailed_since_and_is_used_shows_that_mail_arrives(
    client, pledge, mailed, is_cleared
):
    now = timezone.now()
    Supporter.objects.update(bounced_on=now.date())
    client.get(page := page_of(pledge, now=now + mailed))
    assert since() is not None

    client.post(page, {"action": "pause", "months": "1"})
    assert (since() is None) == is_cleared


def test_so_does_a_gift_that_is_confirmed_from_the_mailbox(client, bounced, nowhere):
    now = timezone.now()
    charge = giving.promise(wish("once"), now=now)
    confirming.ask(charge, provider=nowhere.provider.code, now=now)
    client.post(f"/confirm/{confirming.token_for(charge, now=now)}/")

    assert since() is None


def test_what_was_kept_of_it_goes_with_the_address(bounced):
    bounced.supporter.erase()

    assert bounced.supporter.bounced_on is None
    with pytest.raises(IntegrityError):
        Supporter.objects.update(bounced_on=LONG_AGO)


def test_the_page_of_the_pledge_says_since_when(desk, pledge):
    page = reverse("gifts:of_pledge", args=[pledge.public_id])
    assert "comes back" not in desk.get(page).content.decode()

    Supporter.objects.update(bounced_on=LONG_AGO)
    told = desk.get(page).content.decode()
    assert "2026-01-01" in told
    assert ADDRESS not in told


def test_the_home_page_counts_those_that_go_on_and_leads_to_them(desk, bounced, nowhere):
    give(nowhere, wish("once", address="beso@example.org"))
    ended = give(nowhere, wish(address="cyr@example.org")).due.pledge
    selfservice.stop(ended, now=NOON)
    Supporter.objects.update(bounced_on=LONG_AGO)

    home = desk.get(reverse("wagtailadmin_home")).content.decode()
    assert "Mail about 1 pledge that goes on comes back" in home
    listed = desk.get(reverse("pledge:index"), {"unheard": "on"}).content.decode()
    assert bounced.public_id in listed
    assert ended.public_id not in listed


def test_who_takes_supporters_away_takes_it_along(bounced):
    [supporter] = exporting.sealed_rows()
    assert supporter["mail_comes_back_since"] == "2026-01-01"
