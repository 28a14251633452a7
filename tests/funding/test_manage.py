"""A supporter's own page."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tamizdat.funding import access, letters, schedule
from tamizdat.funding.models import Letter, Pledge, Supporter
from tamizdat.lib.vault import new_key
from tests.demo_bank.nowhere import TIRES, WORKS
from tests.funding.givers import give, pledge_of, wish

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture
def pledge(nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    Letter.objects.all().delete()
    return pledge


def page_of(pledge, *, now=None):
    token = access.token_for(pledge.supporter, pledge, now=now or timezone.now())
    return f"/manage/{token}/"


def press(client, pledge, action, **fields):
    answer = client.post(page_of(pledge), {"action": action, **fields})
    pledge.refresh_from_db()
    return answer


def test_looking_changes_nothing(client, pledge):
    page = client.get(page_of(pledge)).content.decode()

    pledge.refresh_from_db()
    assert "You give $5 each month" in page
    assert (pledge.state, Letter.objects.count()) == ("active", 0)


def test_the_receipt_leads_here(client, nowhere):
    pledge_of(nowhere, now=timezone.now())
    letters.send_waiting(now=timezone.now())

    link = re.search(r"http://localhost:8000(/manage/\S+)", mail.outbox[0].body)[1]

    assert client.get(link).status_code == 200


def test_another_amount_counts_from_the_next_gift_on(client, pledge, nowhere):
    assert press(client, pledge, "amount", amount="7,50").status_code == 302

    schedule.charge_due(now=timezone.now() + timedelta(days=32))

    assert [payment["amount"] for payment in nowhere.money_taken()] == [500, 750]


@pytest.mark.parametrize(
    ("typed", "sentence"), [("1", "smallest"), ("x", "plain number"), ("", "write an amount")]
)
def test_an_amount_that_cannot_be_is_refused_in_a_sentence(client, pledge, typed, sentence):
    answer = press(client, pledge, "amount", amount=typed)

    assert answer.status_code == 409
    assert sentence in answer.content.decode()
    assert pledge.amount_minor == 500


def test_a_pause_leaves_out_gifts_and_then_goes_on_by_itself(client, pledge, nowhere):
    first = pledge.next_due_on
    press(client, pledge, "pause", months="2")
    assert pledge.state == "paused"

    for days in range(0, 100):
        schedule.charge_due(now=timezone.now() + timedelta(days=days))

    pledge.refresh_from_db()
    assert pledge.state == "active"
    assert len(nowhere.money_taken()) == 2
    assert first not in pledge.dues.values_list("period_on", flat=True)


def test_resuming_brings_back_the_next_date(client, pledge):
    before = pledge.next_due_on
    press(client, pledge, "pause", months="3")

    press(client, pledge, "resume")

    assert (pledge.state, pledge.next_due_on) == ("active", before)


def test_stopped_is_stopped_for_good(client, pledge, nowhere):
    press(client, pledge, "stop")
    assert press(client, pledge, "stop").status_code == 302

    schedule.charge_due(now=timezone.now() + timedelta(days=400))

    assert (pledge.state, len(nowhere.money_taken())) == ("stopped", 1)
    assert not pledge.instrument.is_active
    assert [message.subject for message in mail.outbox] == ["Stopped"]


@pytest.mark.parametrize("action", ["pause", "resume", "amount", "pay", "dance"])
def test_what_is_not_possible_any_more_is_said(client, pledge, action):
    press(client, pledge, "stop")

    answer = press(client, pledge, action, amount="7")

    assert answer.status_code == 409
    assert "not possible any more" in answer.content.decode()


def test_each_action_is_confirmed_once_and_with_how_things_stand(client, pledge):
    press(client, pledge, "pause", months="1")
    press(client, pledge, "resume")

    letters.send_waiting(now=timezone.now())

    [message] = mail.outbox
    assert message.subject == "Going on"


def test_after_a_refusal_another_card_pays_and_is_kept(client, nowhere):
    pledge = pledge_of(nowhere, card=TIRES, now=timezone.now())
    old = pledge.instrument
    schedule.charge_due(now=timezone.now() + timedelta(days=31))

    answer = press(client, pledge, "pay")
    back = nowhere.pay(answer.url, WORKS)
    client.get(re.sub(r"^https?://[^/]+", "", back))

    pledge.refresh_from_db()
    old.refresh_from_db()
    assert (pledge.state, old.is_active) == ("active", False)
    assert pledge.instrument != old
    assert len(nowhere.money_taken()) == 2


def test_forgetting_stops_and_destroys_the_address(client, pledge):
    answer = client.post(page_of(pledge), {"action": "forget"}, follow=True)

    assert "Your address is forgotten" in answer.content.decode()
    assert (Supporter.objects.get().address, Pledge.objects.get().state) == ("", "stopped")
    assert not Letter.objects.exists()


def test_who_gave_once_can_be_forgotten_too(client, nowhere):
    give(nowhere, wish("once"), now=timezone.now())
    supporter = Supporter.objects.get()

    token = access.token_for(supporter, None, now=timezone.now())
    client.post(f"/manage/{token}/", {"action": "forget"})

    supporter.refresh_from_db()
    assert supporter.address == ""


def test_a_link_that_is_too_old_acts_no_more_but_sends_a_new_one(client, pledge):
    old = page_of(pledge, now=timezone.now() - timedelta(days=62))

    assert "too old" in client.get(old).content.decode()
    client.post(old, {"action": "stop"})
    client.post(old)
    letters.send_waiting(now=timezone.now())

    pledge.refresh_from_db()
    assert pledge.state == "active"
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]


def test_a_link_that_was_altered_opens_nothing(client, pledge):
    assert client.get(page_of(pledge)[:-4] + "AAA/").status_code == 404


def test_mails_that_the_server_refuses_wait(pledge, settings):
    Letter.objects.create(
        kind="link", supporter=pledge.supporter, pledge=pledge, created_at=timezone.now()
    )
    settings.EMAIL_BACKEND = "tests.outlet.test_mailing.RefusingBackend"

    assert letters.send_waiting(now=timezone.now()) == 0
    assert Letter.objects.count() == 1


def test_a_letter_whose_key_is_gone_waits_and_holds_up_no_other(pledge, nowhere, settings):
    pledge_of(nowhere, now=timezone.now())
    settings.VAULT_KEY = new_key()
    give(nowhere, wish("once", address="beso@example.org"), now=timezone.now())

    assert letters.send_waiting(now=timezone.now()) == 1
    assert (Letter.objects.count(), [m.to for m in mail.outbox]) == (1, [["beso@example.org"]])


def test_no_subject_names_the_outlet_or_a_sum(nowhere):
    pledge_of(nowhere, now=timezone.now())
    letters.send_waiting(now=timezone.now())

    assert mail.outbox[0].subject == "Thank you"
