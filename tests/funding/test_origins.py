"""A gift knows the message and the arm that led to it, and no other words."""

import pytest

from tamizdat.appeals.models import Message
from tamizdat.funding import giving
from tamizdat.funding.models import Contribution, Pledge
from tamizdat.funding.origins import Origin
from tamizdat.payments.models import Charge
from tests.appeals.experiments import experiment
from tests.funding.test_checkout import press, through_the_bank

pytestmark = pytest.mark.usefixtures("newsroom", "nowhere")


@pytest.fixture
def told():
    experiment()
    return {"appeal": Message.objects.first().key, "arm": "words.b"}


def test_a_pledge_keeps_what_led_to_it(client, nowhere, told):
    through_the_bank(client, nowhere, press(client, **told))

    pledge = Pledge.objects.get()
    assert (pledge.appeal, pledge.arm) == (told["appeal"], "words.b")


def test_a_gift_made_once_does_too(client, told):
    press(client, interval="once", **told)

    gift = Contribution.objects.get()
    assert (gift.appeal, gift.arm) == (told["appeal"], "words.b")


def test_the_page_hands_it_on_to_itself_and_to_its_other_currencies(client, told):
    page = client.get("/checkout/", told).content.decode()

    assert '<input type="hidden" name="arm" value="words.b">' in page
    assert f'<input type="hidden" name="appeal" value="{told["appeal"]}">' in page
    assert page.count("&amp;arm=words.b") >= 2


def test_choosing_again_keeps_it(client, told):
    press(client, **told)

    again = client.post(f"/thanks/{Charge.objects.get().reference}/", {"change": "yes"})

    assert f"appeal={told['appeal']}&arm=words.b" in again.url


@pytest.mark.parametrize(
    "strange",
    [
        {"arm": "words.c"},
        {"arm": "reader.4711"},
        {"arm": "words.b.c"},
        {"arm": "words.b\0"},
        {"arm": "x" * 500},
        {"appeal": "4711"},
        {"appeal": "<script>"},
    ],
)
def test_what_nobody_knows_is_not_kept_so_that_no_link_can_mark_a_reader(client, told, strange):
    press(client, interval="once", **strange)

    gift = Contribution.objects.get()
    assert (gift.appeal, gift.arm) == ("", "")
    assert giving.origin_of(gift.charge) == Origin()


def test_an_experiment_that_is_over_leads_nobody_any_more(client, told):
    from tamizdat.appeals.models import Experiment
    from tests.conftest import NOON

    Experiment.objects.get().end(now=NOON)

    assert Origin.read(told) == Origin(appeal=told["appeal"])
