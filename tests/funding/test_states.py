"""Whatever state a supporter is in, their page says what happened, what was taken, what to do."""

import re

import pytest
from django.utils import timezone

from tamizdat.funding import access
from tamizdat.funding.models import Pledge
from tests.funding.givers import pledge_of

pytestmark = pytest.mark.usefixtures("newsroom")

# What was not taken, or is next; and what its reader can press, or that nothing is to be done.
SAYS = {
    "incomplete": (r"Nothing was taken, and nothing is until you pay", r"called off by itself"),
    "active": (r"The next gift is on", r"Stop this gift"),
    "standing": (r"We never ask your bank", r"Stop this gift"),
    "paused": (r"It goes on on", r"Go on giving"),
    "past_due": (r"Nothing was taken for this time", r"Pay with another card"),
    "unconfirmed": (r"Nothing was taken for this time", r"Confirm it with my bank"),
    "lapsed": (r"Nothing was taken after that", r"Give again: \$5 each month"),
    "stopped": (r"Nothing more is taken", r"Give again: \$5 each month"),
    "halted": (r"Nothing more is taken", r"You need do nothing.*What helps instead"),
}


def bring_to(state, pledge):
    fields = {} if state in Pledge.CHARGEABLE else {"next_due_on": None}
    fields |= {"instrument": None} if state == "standing" else {}
    Pledge.objects.filter(pk=pledge.pk).update(state=state, **fields)


@pytest.mark.parametrize("state", Pledge.State.values)
def test_each_state_has_its_words(client, nowhere, state):
    pledge = pledge_of(nowhere, now=timezone.now())
    bring_to(state, pledge)

    token = access.token_for(pledge.supporter, pledge, now=timezone.now())
    page = re.sub(r"<[^>]+>", " ", client.get(f"/manage/{token}/").content.decode())

    for sentence in SAYS[state]:
        assert re.search(sentence, page), page


def test_whose_bank_sends_it_is_asked_to_stop_the_order_there_once_it_is_halted(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    bring_to("standing", pledge)
    bring_to("halted", pledge)

    token = access.token_for(pledge.supporter, pledge, now=timezone.now())
    page = client.get(f"/manage/{token}/").content.decode()

    assert "Please stop the order at your bank, too" in page
    assert "What helps instead" in page


@pytest.mark.parametrize("state", ["halted", "stopped", "lapsed"])
def test_what_has_ended_offers_nothing_that_changes_it(client, nowhere, state):
    pledge = pledge_of(nowhere, now=timezone.now())
    bring_to(state, pledge)

    token = access.token_for(pledge.supporter, pledge, now=timezone.now())
    page = client.get(f"/manage/{token}/").content.decode()

    offered = set(re.findall(r'name="action" value="(\w+)"', page))
    assert offered <= {"restart", "mail", "forget"}


@pytest.mark.parametrize(
    ("back", "heading"), [(500, "Given back"), (100, "Thank you"), (0, "Thank you")]
)
def test_what_was_given_back_is_said_where_it_was_thanked_for(client, nowhere, back, heading):
    charge = pledge_of(nowhere, now=timezone.now()).dues.get().charge
    type(charge).objects.filter(pk=charge.pk).update(refunded_minor=back)

    page = client.get(f"/thanks/{charge.reference}/").content.decode()

    assert f"<h1>{heading}</h1>" in page
    assert ("given back" in page) == bool(back)
