"""Stripe inside the test's process, with the verbs of the demo bank's `Nowhere`."""

import time

import httpx
import stripe

from tamizdat.payments.providers.stripe import Stripe
from tests.demo_bank.nowhere import ASKS, WORKS
from tests.payments.stripe_server import StripeServer
from tests.payments.stripe_web import Counter, make_app
from tests.payments.telling import TellsUs

KEY, HOOK_SECRET = "sk_test_1", "whsec_of_a_test"


class StripeNowhere(TellsUs):
    """Stripe, the newsroom's way to it, and the way back."""

    hook = "/hooks/stripe/"
    after_a_no = "action_required"  # its page offers another try
    dispute_fee = 1500  # told with the dispute

    def __init__(self):
        self.bank = StripeServer()
        self.counter = Counter(self.bank)
        self.app = make_app(self.counter, key=KEY)
        self.provider = Stripe(KEY, HOOK_SECRET, transport=httpx.WSGITransport(app=self.app))
        self.answers = []  # what the newsroom said to each webhook
        self.courier = self

    def serve_from(self, address):
        """Over a socket: pages are there too."""
        self.bank.pages = address
        self.provider = Stripe(KEY, HOOK_SECRET, address=address)

    def set_clock(self, now):
        """For what Stripe writes down; webhooks are signed by the wall's."""
        self.bank.clock = now.timestamp

    def reader(self):
        """A browser at Stripe."""
        return self.app.test_client()

    def pay(self, url, number=WORKS):
        """The reader enters a card on the page; returns where Stripe sends them."""
        if not url.startswith(self.bank.pages):
            return None  # the page is over: they were sent back at once
        page = url.removeprefix(self.bank.pages)
        return self.reader().post(page, data={"number": number}).location

    def pay_and_confirm(self, url, number=ASKS):
        self.pay(url, number)
        question = f"{url.removeprefix(self.bank.pages)}/question"
        return self.reader().post(question, data={"answer": "yes"}).location

    def agree(self, remote, number=WORKS):
        self.bank.fill_in(remote.id, number)

    def hide_countries(self):
        self.bank.tells_country = False

    def still_possible(self):
        """Pages and payments that could take money yet."""
        pages = [s["id"] for s in self.bank.all_of("cs_") if s["status"] == "open"]
        return pages + [p["id"] for p in self.bank.payments() if p["state"] in ("ready", "held")]

    def money_taken(self):
        return [p for p in self.bank.payments() if p["state"] == "succeeded"]

    def signed(self, body, *, at=None):
        header = stripe.WebhookSignature.generate_signature_header(
            body.decode(), HOOK_SECRET, int(at if at is not None else time.time())
        )
        return {"Stripe-Signature": header}
