"""Stripe inside the test's process, with the verbs of the demo bank's `Nowhere`."""

import json
import time

import httpx
import stripe
from django.test import Client

from tamizdat.payments.providers.stripe import Stripe
from tests.demo_bank.nowhere import WORKS
from tests.payments.stripe_server import StripeServer
from tests.payments.stripe_web import Counter, make_app

KEY, HOOK_SECRET = "sk_test_1", "whsec_of_a_test"
PAGES = "https://checkout.stripe.com"


class StripeNowhere:
    """Stripe, the newsroom's way to it, and the way back."""

    hook = "/hooks/stripe/"
    after_a_no = "action_required"  # its page offers another try

    def __init__(self):
        self.bank = StripeServer()
        self.counter = Counter(self.bank)
        self.app = make_app(self.counter, key=KEY)
        self.provider = Stripe(KEY, HOOK_SECRET, transport=httpx.WSGITransport(app=self.app))
        self.answers = []  # what the newsroom said to each webhook
        self.courier = self

    def reader(self):
        """A browser at Stripe."""
        return self.app.test_client()

    def pay(self, url, number=WORKS):
        """The reader enters a card on the page; returns where Stripe sends them."""
        if url.startswith(PAGES):
            return self.reader().post(url.removeprefix(PAGES), data={"number": number}).location
        return None  # the page is over: they were sent back at once

    def agree(self, remote, number=WORKS):
        self.bank.fill_in(remote.id, number)

    def hide_countries(self):
        self.bank.tells_country = False

    def still_possible(self):
        """Pages and payments that could take money yet."""
        pages = [s["id"] for s in self.bank.all_of("cs_") if s["status"] == "open"]
        return pages + [p["id"] for p in self.bank.payments() if p["state"] == "ready"]

    def money_taken(self):
        return [p for p in self.bank.payments() if p["state"] == "succeeded"]

    def deliver(self):
        """Send what is due once. How many were heard."""
        if self.bank.dial.hold:
            return 0
        due = self.bank.notices[:: -1 if self.bank.dial.reverse else 1]
        heard = [event for event in due if self._send(event)]
        self.bank.notices = [event for event in self.bank.notices if event not in heard]
        return len(heard)

    def signed(self, body, *, at=None):
        header = stripe.WebhookSignature.generate_signature_header(
            body.decode(), HOOK_SECRET, int(at if at is not None else time.time())
        )
        return {"Stripe-Signature": header}

    def _send(self, event):
        body = json.dumps(event).encode()
        answer = Client(raise_request_exception=False).post(
            self.hook, body, content_type="application/json", headers=self.signed(body)
        )
        self.answers.append(answer.status_code)
        return answer.status_code < 300
