"""The page on which a reader finds what to enter at their bank."""

import re
from datetime import date

import pytest
from django.utils import timezone

from tamizdat.funding import access, letters, restarting, selfservice
from tamizdat.funding.models import Pledge, RiskRule
from tamizdat.lib import epc
from tamizdat.lib.money import Money
from tamizdat.payments.models import Charge
from tamizdat.payments.providers import registry
from tests.conftest import NOON
from tests.demo_bank.nowhere import Nowhere
from tests.funding.givers import ADDRESS
from tests.funding.transfers import arrive, promised, reference, sent
from tests.payments.banks import only
from tests.payments.btcpay_nowhere import BTCPayNowhere
from tests.payments.camt_file import OURS
from tests.payments.transfers import transfer  # noqa: F401

pytestmark = pytest.mark.usefixtures("outlet", "transfer")


def page_of(client, charge, prefix=""):
    return client.get(f"{prefix}/thanks/{charge.reference}/").content.decode()


def copied(page):
    """What a reader gets who copies each of the values."""
    values = re.findall(r'<bdi class="copy"[^>]*>(.*?)</bdi>', page)
    return [re.sub(r"<[^>]+>", "", value) for value in values]


def press(client, interval, **words):
    fields = {"currency": "EUR", "interval": interval, "amount": "5", "method": "transfer"}
    return client.post("/checkout/", fields | {"address": ADDRESS} | words)


def test_bank_transfer_is_picked_on_the_form_and_leads_to_a_page_of_ours(client):
    form = client.get("/checkout/?currency=EUR&interval=once").content.decode()
    assert 'value="transfer"' in form

    answer = press(client, "once", own="12,50", amount="")

    charge = Charge.objects.get()
    assert answer.url == f"http://localhost:8000/thanks/{charge.reference}/"
    assert copied(page_of(client, charge))[3] == "12.50"


def test_it_says_where_to_send_how_much_and_with_which_reference(client):
    charge = promised(minor=2500)

    values = copied(page_of(client, charge))

    assert values == ["The Lantern", OURS, "LANTLV22", "25", reference(charge)]


@pytest.mark.parametrize("prefix", ["", "/ru", "/fa"])
def test_it_is_there_in_every_language_with_the_same_values(client, prefix):
    charge = promised()

    page = page_of(client, charge, prefix)

    assert copied(page) == copied(page_of(client, charge))
    assert ('dir="rtl"' in page) == (prefix == "/fa")
    assert ("Send it from your bank" in page) == (prefix == "")


def test_nothing_of_the_reader_is_on_it_and_nothing_comes_from_elsewhere(client):
    page = page_of(client, promised())

    assert ADDRESS not in page
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="https?://(?!www\.w3\.org)', page.replace(OURS, ""))


def test_the_code_for_apps_says_the_same():
    text = epc.payload(
        holder="The Lantern",
        iban=OURS,
        bic="LANTLV22",
        money=Money(1250, "EUR"),
        reference="RF66WXXVGXGCSSVB",
    )

    lines = "BCD|002|1|SCT|LANTLV22|The Lantern|LV76LANT0000000000000|EUR12.50||RF66WXXVGXGCSSVB"
    assert text == lines.replace("|", "\n")


def test_only_euros_have_a_code(client):
    assert "<svg " in page_of(client, promised())
    with pytest.raises(ValueError, match="SEK"):
        epc.payload(holder="L", iban=OURS, bic="", money=Money(5, "SEK"), reference="R")


def test_the_longest_of_everything_fits_into_a_code_that_telephones_read():
    words = {"holder": "Ж" * 70, "iban": "LV" + "0" * 32, "bic": "LANTLV22XXX"}

    assert epc.svg(
        epc.payload(**words, money=Money(99_999_999_999, "EUR"), reference="R" * 25)
    ).startswith("<svg")


def test_a_monthly_gift_is_told_of_the_standing_order(client):
    charge = promised("month")

    assert "set up a standing order" in page_of(client, charge)
    assert "standing order" not in page_of(client, promised(address=""))


def test_when_it_has_arrived_the_same_page_says_so_and_so_does_a_mail(client, mailoutbox):
    charge = promised("month")
    arrive(sent(charge))

    page = page_of(client, charge)

    assert "it has arrived" in page
    assert "we never ask your bank" in page
    assert "charges the same card" not in page
    assert "changes the amount" not in page
    letters.send_waiting(now=NOON)
    assert "never ask your bank" in mailoutbox[0].body
    assert "pause" not in mailoutbox[0].body


def test_a_reader_who_changes_their_mind_calls_it_off(client):
    charge = promised("month")

    answer = client.post(f"/thanks/{charge.reference}/", {"change": "yes"})

    charge.refresh_from_db()
    assert "/checkout/" in answer.url
    assert charge.state == Charge.State.CANCELED
    assert Pledge.objects.get().state == Pledge.State.INCOMPLETE


def test_pressed_again_it_is_the_same_reference(client):
    press(client, "once")
    charge = Charge.objects.get()
    first = copied(page_of(client, charge))

    press(client, "once", reference=charge.reference)

    assert copied(page_of(client, charge)) == first


@pytest.fixture
def stopped():
    """A standing order of which its reader told us that it is over."""
    charge = promised("month")
    arrive(sent(charge))
    pledge = Pledge.objects.get()
    selfservice.stop(pledge, now=NOON)
    return pledge


def begin_again(client, pledge):
    token = access.token_for(pledge.supporter, pledge, now=timezone.now())
    return client.post(f"/manage/{token}/", {"action": "restart", "reference": "a" * 22})


def test_begun_again_it_is_sent_from_the_bank_again(client, stopped, transfer):  # noqa: F811
    with only(Nowhere()):
        registry.register(transfer)
        assert begin_again(client, stopped).url.endswith(f"/thanks/{'a' * 22}/")

    assert Charge.objects.get(reference="a" * 22).latest_attempt.provider == "transfer"


def test_where_something_is_to_be_said_first_it_begins_again_with_the_form(client, stopped):
    RiskRule.objects.create(country="BY", action="never", starts_on=date(2026, 1, 1))

    assert "/checkout/?amount=5&currency=EUR&interval=month" in begin_again(client, stopped).url
    assert Charge.objects.get(reference="a" * 22).state == Charge.State.CANCELED


def test_what_is_given_each_month_does_not_begin_again_with_coins(stopped):
    with only(BTCPayNowhere()):
        assert not restarting.can_restart(stopped)
