"""A BTCPay server inside the test's process, with the verbs of the demo bank's `Nowhere`."""

import hashlib
import hmac

import httpx

from tamizdat.payments.providers.btcpay import BTCPay
from tamizdat.payments.providers.btcpay_line import Line
from tests.payments import greenfield
from tests.payments.btcpay_server import BTCPayServer
from tests.payments.btcpay_web import make_app
from tests.payments.telling import TellsUs

KEY, HOOK_SECRET = "key of a test", "secret of a hook"
PAGES, ADDRESS = "https://pay.paper.test", "http://btcpay.test"
CURRENCIES = frozenset(["EUR", "USD", "JPY"])


class BTCPayNowhere(TellsUs):
    """The server, the newsroom's way to it, and the way back."""

    hook = "/hooks/btcpay/"

    is_checked = True  # against the description that BTCPay publishes

    def __init__(self):
        self.bank = BTCPayServer()
        self.app = make_app(self.bank, key=KEY)
        self.transport = httpx.WSGITransport(app=self.app)
        if self.is_checked:
            self.transport = greenfield.checked(self.transport)
        self.provider = self.provider_over(Line(ADDRESS, KEY, transport=self.transport))
        self.answers = []  # what the newsroom said to each webhook

    def provider_over(self, line):
        return BTCPay(
            line,
            HOOK_SECRET,
            store=self.bank.store,
            address=PAGES,
            currencies=CURRENCIES,
            clock=lambda: self.bank.clock(),
        )

    def pay(self, url, coins=None, *, certain=True):
        """The giver's wallet pays what the page says, or something else."""
        return self.bank.send(url.rpartition("/")[2], coins, certain=certain)

    def still_possible(self):
        return [i for i in self.bank.invoices.values() if i["status"] == "New"]

    def money_taken(self):
        return [invoice for invoice, _ in self.bank.payments()]

    def signed(self, body, *, at=None):
        seal = hmac.new(HOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
        return {"BTCPay-Sig": f"sha256={seal}"}
