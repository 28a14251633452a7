"""The way to a BTCPay server: `tamizdat provider check btcpay`, its settings, onions."""

import http.server
import threading
from io import StringIO

import httpx
import pytest
from django.core.management import CommandError, call_command

from tamizdat.payments import checks
from tamizdat.payments.errors import Unreachable
from tamizdat.payments.providers.btcpay_check import NEEDED
from tamizdat.payments.providers.btcpay_line import Line
from tests.payments.banks import only
from tests.payments.btcpay_nowhere import KEY, BTCPayNowhere

HOOK = "http://localhost:8000/hooks/btcpay/"


@pytest.fixture
def nowhere(settings):
    settings.BTCPAY_ENABLED = True
    with only(BTCPayNowhere()) as bank:
        yield bank


def add_hook(nowhere, **changes):
    hook = {
        "id": "hook1",
        "url": HOOK,
        "enabled": True,
        "automaticRedelivery": True,
        "authorizedEvents": {"everything": False, "specificEvents": sorted(NEEDED)},
    }
    nowhere.bank.hooks.append(hook | changes)


def check():
    """What it printed, and whether it is content."""
    out = StringIO()
    try:
        call_command("provider", "check", "btcpay", stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}", False
    return out.getvalue(), True


def test_a_store_that_is_ready_is_said_to_be(nowhere):
    add_hook(nowhere)

    said, is_content = check()

    assert is_content, said
    for currency in ("EUR", "JPY", "USD"):
        assert f"An invoice of 5 {currency}, found again" in said
    assert "addresses of its own" in said


def test_looking_leaves_nothing_that_could_be_paid(nowhere):
    check()

    assert nowhere.bank.invoices
    assert nowhere.still_possible() == []


def test_a_webhook_that_is_missing_or_deaf_is_named(nowhere):
    assert f"No webhook {HOOK}" in check()[0]

    add_hook(nowhere, authorizedEvents={"everything": False, "specificEvents": []})
    assert "InvoicePaymentSettled" in check()[0]
    nowhere.bank.hooks.clear()
    add_hook(nowhere, enabled=False)
    assert not check()[1]


def test_a_store_without_a_wallet_or_with_one_address_for_all_is_told(nowhere):
    add_hook(nowhere)
    nowhere.bank.has_wallet = False
    assert "no wallet, or no rate" in check()[0]

    nowhere.bank.has_wallet, nowhere.bank.has_fresh_addresses = True, False
    assert "use a wallet with an xpub" in check()[0]


def test_a_wrong_key_is_said_in_words(nowhere):
    nowhere.provider.line = Line("http://btcpay.test", "other", transport=nowhere.transport)
    said, is_content = check()

    assert not is_content
    assert "does not know this key" in said


def test_without_btcpay_it_says_how_to_set_it_up(settings):
    settings.BTCPAY_ENABLED = False

    with pytest.raises(CommandError, match=r"secrets/btcpay\.key"):
        call_command("provider", "check", "btcpay")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"BTCPAY_STORE": ""}, ["payments.E002"]),
        ({"BTCPAY_ADDRESS": "http://pay.example"}, ["payments.W004"]),
        ({"BTCPAY_API_ADDRESS": "http://abc.onion"}, ["payments.W005"]),
        ({"BTCPAY_API_ADDRESS": "http://abc.onion", "BTCPAY_PROXY": "socks5h://[::1]:9050"}, []),
        ({"BTCPAY_ENABLED": False, "BTCPAY_STORE": ""}, []),
    ],
)
def test_the_settings_are_looked_at(settings, changes, found):
    usual = {"ENABLED": True, "ADDRESS": "https://pay.example", "STORE": "S", "API_ADDRESS": ""}
    for name, value in usual.items():
        setattr(settings, f"BTCPAY_{name}", value)
    settings.BTCPAY_PROXY = ""
    for name, value in changes.items():
        setattr(settings, name, value)

    assert [message.id for message in checks.the_line_to_btcpay_is_private()] == found


class Proxy(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        self.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *_):
        pass


def test_the_proxy_is_asked_and_nobody_else_for_the_name_of_an_onion():
    with http.server.HTTPServer(("127.0.0.1", 0), Proxy) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        line = Line("http://abc.onion", KEY, proxy=f"http://127.0.0.1:{server.server_port}")

        assert line.get("/stores/S/invoices") == []
        thread.join()
        line.close()

    assert Proxy.asked == [("http://abc.onion/api/v1/stores/S/invoices", f"token {KEY}")]


def test_a_socks_proxy_can_be_set():
    line = Line("http://abc.onion", KEY, proxy="socks5h://127.0.0.1:1")

    with pytest.raises(Unreachable):
        line.get("/stores/S/invoices")
    line.close()


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 502, 504])
def test_what_says_nothing_of_the_money_is_unreachable(status):
    answer = httpx.MockTransport(lambda request: httpx.Response(status, json={}))

    with pytest.raises(Unreachable):
        Line("http://btcpay.test", KEY, transport=answer).get("/stores/S/invoices")
