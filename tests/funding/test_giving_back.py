"""Giving back from the desk: found by what a supporter writes, two clicks, a reason, once."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import ModelLogEntry

from tamizdat.payments import refunding
from tamizdat.payments.models import Attempt, Refund
from tamizdat.payments.models.refund import QUIET
from tests.conftest import NOON
from tests.funding.givers import ADDRESS, give, pledge_of, wish
from tests.funding.staff import log_in

pytestmark = pytest.mark.usefixtures("outlet")


@pytest.fixture
def ana(client, django_user_model):
    """She may see gifts and give them back, and nothing else."""
    return log_in(client, django_user_model, "view_pledge", "view_contribution", "add_refund")


def press(client, charge, **changes):
    """Give back what the form proposes, but for `changes`; the page that comes then."""
    page = client.get(f"/desk/gifts/{charge.reference}/").content.decode()
    shown = dict(re.findall(r'name="(amount|number)" value="([^"]*)"', page))
    words = shown | {"reason": "asked for it by mail"} | changes
    return client.post(f"/desk/gifts/{charge.reference}/", words, follow=True)


def test_the_whole_is_proposed_and_given_back_with_a_reason(client, ana, nowhere):
    charge = give(nowhere, wish("once"))

    page = press(client, charge).content.decode()

    refund = Refund.objects.get()
    assert (refund.state, refund.amount_minor) == ("succeeded", 500)
    assert refund.reason == "asked for it by mail"
    assert "Given back: $5" in page
    assert "asked for it by mail" in page


def test_a_part_leaves_the_rest_to_be_given_back(client, ana, nowhere):
    charge = pledge_of(nowhere).dues.get().charge

    page = press(client, charge, amount="1.50").content.decode()

    charge.refresh_from_db()
    assert charge.refunded_minor == 150
    assert 'value="3.50"' in page


def test_who_did_it_and_why_is_kept_for_good(client, ana, nowhere):
    charge = pledge_of(nowhere).dues.get().charge
    press(client, charge)

    entry = ModelLogEntry.objects.get(action="funding.give_back")
    assert (entry.user, entry.data["reason"]) == (ana, "asked for it by mail")
    assert entry.data["receipt"] == charge.receipt_number
    assert "$5" in entry.message
    assert "ana" in client.get(f"/desk/gifts/{charge.reference}/").content.decode()


def test_pressed_twice_it_is_given_back_once(client, ana, nowhere):
    charge = give(nowhere, wish("once"))
    words = {"amount": "2", "reason": "twice", "number": "1"}

    pages = [client.post(f"/desk/gifts/{charge.reference}/", words, follow=True) for _ in "12"]

    assert "given back meanwhile" in pages[1].content.decode()
    assert Refund.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"amount": "5.01"}, {"amount": "0"}, {"amount": "five"}, {"reason": " "}]
)
def test_what_cannot_be_given_back_is_said_and_nothing_is_lost(client, ana, nowhere, wrong):
    answer = press(client, give(nowhere, wish("once")), **{"reason": "because"} | wrong)

    assert answer.status_code == 422
    assert wrong.get("amount", "because") in answer.content.decode() or "reason" in wrong
    assert not Refund.objects.exists()


@pytest.mark.parametrize("fault", ["break_before", "break_after"])
def test_a_silent_bank_is_waited_for_and_nobody_need_do_anything(client, ana, nowhere, fault):
    charge = give(nowhere, wish("once"))
    nowhere.bank.dial.turn(**{fault: 1})

    page = press(client, charge).content.decode()

    assert "Do not give it back again" in page
    assert 'name="amount"' not in page
    assert refunding.resolve_open(now=Refund.objects.get().created_at + QUIET) == 1
    assert nowhere.bank.owed("USD") == -45


def test_a_bank_that_refuses_leaves_the_sum_free(client, ana, nowhere):
    charge = give(nowhere, wish("once"))
    payment = nowhere.bank.payments()[0]
    nowhere.bank.refund(key="by hand", payment_id=payment["id"], amount=500)

    page = press(client, charge).content.decode()

    assert "The bank refused" in page
    assert ModelLogEntry.objects.filter(action="funding.give_back").exists()


def test_without_its_provider_a_gift_is_given_back_elsewhere(client, ana, nowhere):
    charge = give(nowhere, wish("once"))
    Attempt.objects.update(provider="gone")

    assert "is not set up here any more" in press(client, charge).content.decode()
    assert not Refund.objects.exists()


def test_what_was_never_paid_has_nothing_to_give_back(client, ana, nowhere):
    charge = give(nowhere, wish("once"), card="4000000000009995")

    assert 'name="amount"' not in client.get(f"/desk/gifts/{charge.reference}/").content.decode()


@pytest.mark.parametrize("by", ["address", "receipt", "typed", "reference", "number"])
def test_a_gift_is_found_by_what_its_giver_writes(client, ana, nowhere, by):
    charge = pledge_of(nowhere).dues.get().charge
    words = {
        "address": ADDRESS.upper(),
        "receipt": f" {charge.receipt_number} ",
        "typed": charge.receipt_number.replace("-", "").lower(),
        "reference": charge.reference,  # of the address of its page
        "number": charge.pk,
    }

    page = client.post("/desk/gifts/", {"sought": words[by]}).content.decode()

    assert f"/desk/gifts/{charge.reference}/" in page
    assert "$5" in page


@pytest.mark.parametrize("sought", ["cyr@example.org", "0", "9" * 30, "9" * 16, "A" * 22])
def test_what_is_not_found_is_said(client, ana, sought):
    page = client.post("/desk/gifts/", {"sought": sought}).content.decode()

    assert "Nothing was given" in page


def test_lists_lead_to_the_gifts(client, ana, nowhere):
    pledge = pledge_of(nowhere, now=NOON)
    once = give(nowhere, wish("once"))

    assert f"/desk/gifts/of/{pledge.public_id}/" in client.get("/desk/pledge/").content.decode()
    assert once.receipt_number in client.get("/desk/contribution/").content.decode()
    gifts = client.get(f"/desk/gifts/of/{pledge.public_id}/").content.decode()
    assert pledge.dues.get().charge.receipt_number in gifts


def test_whoever_may_only_look_gives_nothing_back(client, ana, nowhere):
    charge = give(nowhere, wish("once"))
    ana.user_permissions.remove(Permission.objects.get(codename="add_refund"))

    page = client.get(f"/desk/gifts/{charge.reference}/").content.decode()
    client.post(f"/desk/gifts/{charge.reference}/", {"amount": "5", "reason": "x", "number": "1"})

    assert 'name="amount"' not in page
    assert not Refund.objects.exists()


def test_a_reader_sees_what_was_given_back(client, ana, nowhere):
    charge = give(nowhere, wish("once"))
    press(client, charge, amount="1.50")

    page = client.get(f"/thanks/{charge.reference}/").content.decode()

    assert "$1.50 of it was given back" in page


def test_the_role_for_it_is_the_revenue_lead(newsroom):
    may = Group.objects.filter(permissions__codename="add_refund")
    assert [group.name for group in may] == ["Revenue lead"]
