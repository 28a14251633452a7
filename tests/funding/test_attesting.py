"""Where nobody tells us the payer's country, its reader says where they are not; none is kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tamizdat.funding import giving, halting, methods, policy, previewing
from tamizdat.funding.models import RiskRule
from tamizdat.lib.money import Money
from tamizdat.payments import refunding, settling
from tamizdat.payments.errors import Vetoed
from tamizdat.payments.models import Charge
from tamizdat.payments.providers import registry
from tests.funding.givers import wish
from tests.funding.test_checkout import press
from tests.payments.btcpay_nowhere import PAGES, BTCPayNowhere

pytestmark = pytest.mark.usefixtures("newsroom", "nowhere")
ONCE = {"interval": "once", "currency": "EUR", "address": "", "own": "5"}
CRYPTO = ONCE | {"method": "crypto"}
SAID = CRYPTO | {"attests_crypto": "RU"}


@pytest.fixture(autouse=True)
def btcpay(nowhere):
    """Beside the demo bank."""
    bank = BTCPayNowhere()
    registry.register(bank.provider)
    return bank


def rule(action, *, country="RU", **kind):
    """In force for long."""
    RiskRule.objects.create(country=country, action=action, starts_on="2020-01-01", **kind)


def form(client, **asked):
    query = {"interval": "once", "currency": "EUR"} | asked
    return client.get("/checkout/", query).content.decode()


def test_without_a_never_nothing_has_to_be_said(client):
    rule("warn")

    assert "attests_" not in form(client)
    assert press(client, **CRYPTO).url.startswith(f"{PAGES}/i/")


def test_the_countries_of_a_never_are_named_in_a_box_that_must_be_ticked(client):
    rule("never", country="BY", method="crypto")
    rule("never", country="RU")
    rule("never", country="CU", method="card")

    page = form(client)

    assert "Crypto: I am not in, and do not pay from: Belarus or Russia." in page
    assert '<input type="checkbox" name="attests_crypto" value="BY RU" required>' in page


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ru", "Я не нахожусь в этих странах и не плачу оттуда: Беларусь или Россия."),
        ("fa", "در این کشورها نیستم و از آنجا پرداخت نمی‌کنم: بلاروس یا روسیه."),
    ],
)
def test_it_is_said_in_the_language_of_the_reader(client, language, sentence):
    rule("never", country="BY")
    rule("never", country="RU")

    page = client.get(f"/{language}/checkout/", {"interval": "once", "currency": "EUR"})

    assert escape(sentence) in page.content.decode()


def test_who_does_not_say_it_comes_back_to_a_form_with_everything_kept(client, btcpay):
    rule("never")

    answer = press(client, **CRYPTO)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "can be held against you" in page
    assert 'id="attests_crypto-problem"' in page
    assert btcpay.bank.invoices == {}


def test_a_tick_stands_for_the_countries_it_was_shown_with(client):
    rule("never")
    assert press(client, **SAID).status_code == 302

    rule("never", country="BY")
    page = press(client, **SAID)

    assert page.status_code == 422
    assert 'value="BY RU" required aria-invalid' in page.content.decode()
    assert press(client, **SAID | {"attests_crypto": "RU BY"}).status_code == 302


def test_who_says_it_goes_on_and_nothing_of_it_is_kept(client, btcpay):
    rule("never")

    assert press(client, **SAID).url.startswith(PAGES)

    [invoice] = btcpay.bank.invoices.values()
    assert "attest" not in str(invoice)
    names = {
        column.name
        for table in connection.introspection.table_names()
        if table.startswith(("funding_", "payments_"))
        for column in connection.introspection.get_table_description(connection.cursor(), table)
    }
    assert not [name for name in names if "attest" in name]


def test_a_card_is_asked_nothing_its_bank_tells_the_country(client):
    rule("never")

    assert press(client, **ONCE, method="card").status_code == 302


def test_a_country_that_is_halted_is_named_too(client):
    halting.halt(halting.Scope(country="BY"), reason="a law", now=timezone.now())

    assert "do not pay from: Belarus." in form(client)
    assert press(client, **CRYPTO).status_code == 422


def test_nothing_is_opened_that_was_not_attested_whoever_asks(btcpay):
    rule("never")
    charge = giving.promise(wish("once", currency="EUR"), now=timezone.now())

    with pytest.raises(Vetoed, match="not_attested"):
        giving.open_bank(charge, provider="btcpay", language="en", now=timezone.now())
    assert btcpay.bank.invoices == {}


def test_trying_again_begins_with_the_form_because_nothing_was_kept(client, btcpay):
    rule("never")
    press(client, **SAID)
    charge = Charge.objects.get()
    settling.abandon(charge.latest_attempt, reason="left", now=timezone.now())

    again = client.post(f"/thanks/{charge.reference}/")

    assert "/checkout/?amount=5" in again.url
    assert btcpay.still_possible() == []


def test_who_is_at_the_page_already_goes_back_to_it(client, btcpay):
    rule("never")
    page = press(client, **SAID).url
    charge = Charge.objects.get()

    assert client.post(f"/thanks/{charge.reference}/").url == page


def test_crypto_is_not_offered_for_what_would_be_charged_again(client):
    page = client.get("/checkout/", {"interval": "month", "currency": "EUR"}).content.decode()

    assert 'value="crypto"' not in page
    assert 'value="crypto"' in form(client)
    assert methods.provider_of("crypto", "EUR", interval="month") == ""
    assert press(client, interval="month", currency="EUR", method="crypto").status_code == 422


def test_crypto_is_proposed_to_nobody_even_where_it_was_set_up_first(client, nowhere, btcpay):
    registry._providers.clear()
    registry.register(btcpay.provider)
    registry.register(nowhere.provider)

    page = form(client)

    assert page.index('value="card" checked') < page.index('value="crypto"')
    assert 'value="crypto" checked' not in page


def test_a_halt_of_a_country_calls_off_what_was_begun_where_nobody_will_ever_tell_it(
    client, btcpay
):
    press(client, **CRYPTO)

    report = halting.halt(halting.Scope(country="BY"), reason="a law", now=timezone.now())

    charge = Charge.objects.get()
    assert (report.attempts_canceled, report.attempts_waiting) == (1, 0)
    assert (charge.latest_attempt.reason, btcpay.still_possible()) == ("halted", [])
    page = client.get(f"/thanks/{charge.reference}/").content.decode()
    assert "we take no gifts this way" in page


def test_a_halt_of_the_provider_stops_it(client, btcpay):
    press(client, **CRYPTO)
    halting.halt(halting.Scope(provider="btcpay"), reason="seized", now=timezone.now())

    assert btcpay.still_possible() == []
    assert press(client, **CRYPTO).status_code == 422


def test_the_preview_shows_what_has_to_be_said(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("ana"))
    draft = {"country": "BY", "method": "crypto", "interval": "any", "action": "never"}

    page = client.post(
        reverse("safety-preview:preview"), draft | {"starts_on": "2027-01-01"}
    ).content.decode()

    assert "I am not in, and do not pay from: Belarus." in page
    assert "whoever does not say this first cannot go on" in page
    assert 'name="method" value="crypto"' in page


def test_the_preview_of_another_way_is_as_before(db):
    rule("never", country="BY", method="crypto")
    rule("warn", country="BY")
    day = timezone.now().date() + timedelta(days=365)

    def action(method):
        return {one.action for one in previewing.of("BY", method=method, on=day, language="en")}

    assert (action("card"), action("crypto")) == ({"warn"}, {"never"})


def test_a_way_without_any_rule_is_said_to_be_so(db):
    assert policy.not_thought_of(methods.all_of_them()) == ["card", "wallet", "crypto"]
    RiskRule.objects.create(country="US", action="ask", starts_on="2020-01-01")
    assert policy.not_thought_of(methods.all_of_them()) == []


def test_coins_go_back_when_their_giver_says_where_to(client, btcpay, django_user_model):
    btcpay.pay(press(client, **CRYPTO).url)
    charge = Charge.objects.get()
    client.get(f"/thanks/{charge.reference}/")
    client.force_login(django_user_model.objects.create_superuser("ana"))
    address = reverse("gifts:one", args=[charge.reference])
    assert "nothing goes back by itself" in client.get(address).content.decode()

    words = {"amount": "2", "reason": "asked", "number": "1"}
    page = client.post(address, words, follow=True).content.decode()

    [promise] = btcpay.bank.promises
    link = f'href="{PAGES}/pull-payments/{promise}"'
    assert "Promised: €2. The books have it." in page
    assert link in page
    theirs = client.get(f"/thanks/{charge.reference}/").content.decode()
    assert "Coins do not find their way" in theirs
    assert link in theirs


def test_a_card_goes_back_by_itself(client, nowhere):
    nowhere.pay(press(client, **ONCE, method="card").url)
    charge = Charge.objects.get()
    settling.resolve(charge.latest_attempt, now=timezone.now())
    refund = refunding.refund(charge, Money(100, "EUR"), now=timezone.now())

    assert refunding.claim_page(refund) == ""
    assert "Your bank shows it" in client.get(f"/thanks/{charge.reference}/").content.decode()
