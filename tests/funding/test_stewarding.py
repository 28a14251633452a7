"""From the desk, because a supporter asked: with a reason, by a name, never upwards."""

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from wagtail.models import ModelLogEntry

from tamizdat.funding import letters, schedule, stewarding
from tamizdat.funding.models import Letter, Supporter
from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments.errors import WrongState
from tests.conftest import NOON
from tests.funding.givers import give, pledge_of, wish

pytestmark = pytest.mark.usefixtures("outlet")


@pytest.fixture
def ana(client, django_user_model):
    """She may see pledges and do what their supporters ask for, and nothing else."""
    user = django_user_model.objects.create_user("ana", first_name="Ana")
    codenames = ("access_admin", "view_pledge", "view_contribution", "change_pledge")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user


@pytest.fixture
def pledge(nowhere):
    pledge = pledge_of(nowhere)
    Letter.objects.all().delete()
    return pledge


def press(client, pledge, action, **fields):
    words = {"action": action, "reason": "a letter of 3 May"} | fields
    answer = client.post(f"/desk/gifts/of/{pledge.public_id}/", words, follow=True)
    pledge.refresh_from_db()
    return answer.content.decode()


@pytest.mark.parametrize(
    ("action", "fields", "state"),
    [("stop", {}, "stopped"), ("pause", {"months": "2"}, "paused"), ("skip", {}, "paused")],
)
def test_what_was_asked_for_is_done_and_written_down(client, ana, pledge, action, fields, state):
    fields = fields | {"period": pledge.next_due_on.isoformat()}

    page = press(client, pledge, action, **fields)

    assert pledge.state == state
    assert "a letter of 3 May" in page
    [entry] = ModelLogEntry.objects.filter(action=f"funding.{action}")
    assert (entry.user, entry.data) == (ana, {"reason": "a letter of 3 May"})


def test_resumed_it_goes_on(client, ana, pledge):
    press(client, pledge, "pause", months="1")

    press(client, pledge, "resume")

    assert pledge.state == "active"


def test_the_supporter_is_told_of_it_by_mail(client, ana, pledge):
    press(client, pledge, "stop")
    letters.send_waiting(now=NOON)

    assert [message.subject for message in mail.outbox] == ["Stopped"]


def test_the_amount_goes_down(client, ana, pledge):
    press(client, pledge, "lower", amount="2.50")

    assert pledge.amount_minor == 250


@pytest.mark.parametrize("amount", ["5", "7.50", "0", "-1", "x", ""])
def test_the_amount_never_goes_up(client, ana, pledge, amount):
    press(client, pledge, "lower", amount=amount)

    assert pledge.amount_minor == 500
    assert not ModelLogEntry.objects.filter(action=stewarding.LOWER).exists()


def test_not_even_without_the_form(ana, pledge):
    with pytest.raises(WrongState):
        stewarding.lower(pledge, Money(501, "USD"), reason="x", by=ana, now=NOON)


def test_a_link_goes_to_the_address_that_is_kept(client, ana, pledge):
    press(client, pledge, "link")
    letters.send_waiting(now=NOON)

    assert [message.to for message in mail.outbox] == [["ana@example.org"]]


@pytest.mark.parametrize("action", ["stop", "pause", "resume", "skip", "lower", "link", "erase"])
def test_nothing_is_done_without_a_reason(client, ana, pledge, action):
    press(client, pledge, action, reason=" ", amount="2", period=pledge.next_due_on)

    assert (pledge.state, pledge.amount_minor) == ("active", 500)
    assert not ModelLogEntry.objects.filter(action__in=stewarding.DONE).exists()


@pytest.mark.parametrize("action", ["card", "restart", "raise", "dance"])
def test_what_is_not_named_cannot_be_done(client, ana, pledge, action):
    press(client, pledge, action, amount="2")

    assert not ModelLogEntry.objects.filter(object_id=pledge.pk).exists()


@pytest.mark.parametrize("action", ["stop", "link", "erase"])
def test_who_may_only_look_does_nothing(client, ana, pledge, action):
    ana.user_permissions.remove(Permission.objects.get(codename="change_pledge"))

    page = press(client, pledge, action)

    assert "Stop it" not in page
    assert pledge.state == "active"


def test_what_has_ended_stays_ended(client, ana, pledge):
    press(client, pledge, "stop")

    page = press(client, pledge, "resume")

    assert "not possible now" in page
    assert pledge.state == "stopped"


def test_erased_on_request_everything_stops_and_the_books_keep_the_sums(
    client, ana, pledge, nowhere
):
    balance = books.balance("reader-funding", "USD")
    other = pledge_of(nowhere, interval="year")

    press(client, pledge, "erase")

    assert Supporter.objects.get().address == ""
    other.refresh_from_db()
    assert {pledge.state, other.state} == {"stopped"}
    assert books.balance("reader-funding", "USD").minor == 2 * balance.minor
    assert schedule.charge_due(now=NOON.replace(year=2029)) == 0
    assert not Letter.objects.exists()


def test_who_gave_once_is_erased_from_the_page_of_the_gift(client, ana, nowhere):
    charge = give(nowhere, wish("once"))
    assert "Erase this supporter" in client.get(f"/desk/gifts/{charge.reference}/").content.decode()

    client.post(f"/desk/gifts/{charge.reference}/erase/", {"reason": "a letter"})

    assert Supporter.objects.get().address == ""
    assert ModelLogEntry.objects.get(action=stewarding.ERASE).user == ana


def test_from_the_list_it_is_two_clicks(client, ana, pledge):
    pledges = client.get("/desk/pledge/").content.decode()
    page = client.get(f"/desk/gifts/of/{pledge.public_id}/").content.decode()

    assert f"/desk/gifts/of/{pledge.public_id}/" in pledges
    assert all(f'value="{action}"' in page for action in ("stop", "pause", "skip", "lower", "link"))
