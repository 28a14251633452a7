"""`tamizdat provider`, and what Django's checks say of Stripe's keys."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tamizdat.funding import methods
from tamizdat.payments import checks
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.stripe import Stripe
from tamizdat.payments.providers.stripe_check import NEEDED
from tamizdat.theme.policy import content_policy
from tests.demo_bank.nowhere import Nowhere
from tests.payments.banks import only
from tests.payments.stripe_nowhere import StripeNowhere

HOOK = "http://localhost:8000/hooks/stripe/"


@pytest.fixture
def nowhere(settings):
    settings.STRIPE_ENABLED, settings.STRIPE_KEY = True, "sk_test_1"
    with only(StripeNowhere()) as stripe:
        yield stripe


def check():
    """What it printed, and whether it is content."""
    out = StringIO()
    try:
        call_command("provider", "check", "stripe", stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}", False
    return out.getvalue(), True


def test_an_account_that_is_ready_is_said_to_be(nowhere):
    nowhere.bank.add_hook(HOOK, sorted(NEEDED))

    said, is_content = check()

    assert is_content, said
    assert "test key" in said
    assert "PAPER" in said
    assert "It was given back" in said


def test_looking_leaves_nothing_behind(nowhere):
    check()

    assert nowhere.still_possible() == nowhere.bank.customers() == []
    assert nowhere.bank.owed("EUR") == -45  # the fee, of pretend money


def test_a_live_key_moves_no_money(nowhere):
    nowhere.provider.is_pretend = False
    said, _ = check()

    assert "LIVE key" in said
    assert nowhere.bank.payments() == []


def test_a_webhook_that_is_missing_or_deaf_is_named(nowhere):
    assert f"No webhook endpoint {HOOK}" in check()[0]

    nowhere.bank.add_hook(HOOK, ["payment_intent.succeeded"])
    assert "checkout.session.completed" in check()[0]


def test_a_wrong_key_is_said_in_words(nowhere, monkeypatch):
    monkeypatch.setattr(nowhere.provider.client._requestor._options, "api_key", "sk_test_2")
    said, is_content = check()

    assert not is_content
    assert "does not know this key" in said


def test_without_stripe_it_says_how_to_set_it_up(settings):
    settings.STRIPE_ENABLED = False

    with pytest.raises(CommandError, match=r"secrets/stripe\.key"):
        call_command("provider", "check", "stripe")


def test_the_providers_are_listed(nowhere):
    out = StringIO()
    call_command("provider", "list", stdout=out)

    assert out.getvalue().startswith("stripe: card; ")


def test_the_form_offers_the_ways_of_all_and_real_money_first(nowhere):
    registry.register(Nowhere().provider)

    assert list(methods.taking("EUR")) == ["card", "wallet"]
    assert methods.provider_of("card", "EUR") == "stripe"
    assert methods.provider_of("wallet", "EUR") == "demo-bank"


def test_the_form_may_lead_to_stripe_s_page(nowhere):
    policy = content_policy(style="", takes_payment=True)

    assert "form-action 'self' https://checkout.stripe.com;" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize(
    ("key", "site", "found"),
    [
        ("pk_live_1", "http://localhost:8000", ["payments.E001"]),
        ("sk_test_1", "http://localhost:8000", []),
        ("sk_test_1", "https://paper.example", ["payments.W003"]),
        ("rk_live_1", "https://paper.example", []),
    ],
)
def test_the_key_is_looked_at(settings, key, site, found):
    settings.STRIPE_ENABLED, settings.STRIPE_KEY, settings.SITE_ADDRESS = True, key, site

    assert [message.id for message in checks.the_key_of_stripe_is_the_right_one()] == found


@pytest.mark.parametrize("name", ["stripe", "paypal"])
@pytest.mark.parametrize(
    ("site", "found"), [("http://localhost:8000", []), ("https://paper.example", ["payments.E012"])]
)
def test_no_public_site_sends_its_keys_to_a_server_for_tests(settings, name, site, found):
    setattr(settings, f"{name.upper()}_ENABLED", True)
    setattr(settings, f"{name.upper()}_ADDRESS", "http://127.0.0.1:9")
    settings.SITE_ADDRESS = site

    assert [each.id for each in checks.real_money_goes_to_the_provider_itself()] == found


def test_at_another_address_everything_is_pretended_whatever_the_key():
    elsewhere = Stripe("sk_live_1", "whsec_1", address="http://127.0.0.1:9")

    assert (elsewhere.is_pretend, elsewhere.page_origin) == (True, "http://127.0.0.1:9")
