"""`tamizdat provider check paypal`, and what Django's checks say of its settings."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tamizdat.funding import methods
from tamizdat.payments import checks
from tamizdat.payments.providers.paypal_check import NEEDED
from tamizdat.theme.policy import content_policy
from tests.payments.banks import only
from tests.payments.paypal_nowhere import WEBHOOK_ID, PayPalNowhere
from tests.payments.paypal_server import Says

HOOK = "http://localhost:8000/hooks/paypal/"


@pytest.fixture
def nowhere():
    with only(PayPalNowhere()) as paypal:
        yield paypal


def hook(events=NEEDED, *, name=WEBHOOK_ID):
    return {"id": name, "url": HOOK, "event_types": [{"name": each} for each in sorted(events)]}


def check():
    """What it printed, and whether it is content."""
    out = StringIO()
    try:
        call_command("provider", "check", "paypal", stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}", False
    return out.getvalue(), True


def test_an_app_that_is_ready_is_said_to_be(nowhere):
    nowhere.bank.hooks = [hook()]

    said, is_content = check()

    assert is_content, said
    assert "Sandbox" in said
    assert "PayPal refuses" in said
    assert "0 changes of the balance" in said


def test_looking_moves_no_money_and_leaves_nothing_that_could(nowhere):
    check()

    assert nowhere.still_possible() == nowhere.money_taken() == []


def test_a_webhook_that_is_missing_deaf_or_another_is_named(nowhere):
    assert f"No webhook {HOOK}" in check()[0]

    nowhere.bank.hooks = [hook(["PAYMENT.CAPTURE.COMPLETED"], name="ANOTHER")]
    said, _ = check()
    assert "CHECKOUT.ORDER.APPROVED" in said
    assert "set paypal.webhook_id to ANOTHER" in said


@pytest.mark.parametrize(
    ("call", "says", "words"),
    [
        ("create_order", Says(422, "NOT_ENABLED_TO_VAULT_PAYMENT_SOURCE"), "not_enabled_to_vault"),
        ("patch_order", Says(422, "NOT_PATCHABLE"), "!!"),
        ("transactions", Says(403, "NOT_AUTHORIZED", "NOT_AUTHORIZED"), "may not do that"),
    ],
)
def test_what_an_app_may_not_do_is_said_in_words(nowhere, monkeypatch, call, says, words):
    def refuse(*_, **__):
        raise says

    nowhere.bank.hooks = [hook()]
    monkeypatch.setattr(nowhere.bank, call, refuse)
    said, is_content = check()

    assert not is_content
    assert words in said


def test_a_wrong_secret_is_said_in_words(nowhere):
    nowhere.provider.line._login = "d3Jvbmc6d3Jvbmc="

    said, is_content = check()

    assert not is_content
    assert "does not know this app" in said


def test_without_paypal_it_says_how_to_set_it_up():
    with pytest.raises(CommandError, match=r"secrets/paypal\.key"):
        call_command("provider", "check", "paypal")


def test_the_form_offers_it_and_may_lead_to_its_page(nowhere):
    assert methods.taking("EUR") == {"paypal": "PayPal"}
    policy = content_policy(style="", takes_payment=True)
    assert "form-action 'self' https://www.sandbox.paypal.com;" in policy


@pytest.mark.parametrize(
    ("client_id", "sandbox", "site", "found"),
    [
        ("", False, "http://localhost:8000", ["payments.E011"]),
        ("A1", True, "http://localhost:8000", []),
        ("A1", True, "https://paper.example", ["payments.W011"]),
        ("A1", False, "https://paper.example", []),
    ],
)
def test_the_settings_are_looked_at(settings, client_id, sandbox, site, found):
    settings.PAYPAL_ENABLED, settings.PAYPAL_CLIENT_ID = True, client_id
    settings.PAYPAL_WEBHOOK_ID, settings.PAYPAL_SANDBOX = WEBHOOK_ID, sandbox
    settings.SITE_ADDRESS = site

    assert [message.id for message in checks.paypal_is_set_up_whole()] == found
