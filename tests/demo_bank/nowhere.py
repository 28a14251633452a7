"""The demo bank inside the test's process: the same code, without sockets, threads or waiting."""

import time

import httpx
from django.test import Client
from django.utils import timezone

from tamizdat.demo.bank.bank import Bank
from tamizdat.demo.bank.courier import Courier
from tamizdat.demo.bank.web import make_app
from tamizdat.payments import noticing
from tamizdat.payments.providers.demo import DemoBank
from tests.demo_bank.cards import (  # noqa: F401 who has the bank in hand names its cards
    ASKS,
    ASKS_ALWAYS,
    EMPTY,
    EXPIRES,
    RUSSIAN,
    STOLEN,
    TIRES,
    WORKS,
)

ADDRESS = "http://bank.test"
SECRET = "the secret of a test"


class Nowhere:
    """The bank, the newsroom's way to it, and the way back."""

    hook = "/hooks/demo-bank/"
    after_a_no = "declined"  # the attempt, when the reader tells the card's bank no
    dispute_fee = 1500  # told with the dispute

    def __init__(self):
        self.bank = Bank(":memory:", clock=time.time)
        self.app = make_app(self.bank, secret=SECRET, wait=lambda seconds: None)
        self.provider = DemoBank(ADDRESS, SECRET, transport=httpx.WSGITransport(app=self.app))
        self.answers = []  # what the newsroom said to each webhook
        client = httpx.Client(transport=httpx.MockTransport(self._carry))
        self.courier = Courier(
            self.bank,
            client=client,
            url="http://testserver/hooks/demo-bank/",
            secret=SECRET,
            clock=time.time,
        )

    def set_clock(self, now):
        """For what the bank writes down; webhooks are signed by the wall's."""
        self.bank._clock = now.timestamp

    def reader(self):
        """A browser at the bank."""
        return self.app.test_client()

    def pay(self, url, number=WORKS):
        """The reader presses a card on the page; returns where the bank sends them."""
        return self.reader().post(url.removeprefix(ADDRESS), data={"number": number}).location

    def pay_and_confirm(self, url, number=ASKS):
        """The same, with a card whose bank asks its reader, who says yes."""
        self.pay(url, number)
        question = f"{url.removeprefix(ADDRESS)}/question"
        return self.reader().post(question, data={"answer": "yes"}).location

    def agree(self, remote, number=WORKS):
        """The reader names a card, and means it."""
        self.bank.choose(remote.id, number)

    def signed(self, body, *, at=None):
        self.courier._clock = time.time if at is None else lambda: at
        return self.courier._headers(body)

    def hide_countries(self):
        told = self.bank._told
        self.bank._told = lambda *asked: told(*asked) | {"country": ""}

    def still_possible(self):
        """Payments that could take money yet."""
        return [p for p in self.bank.payments() if p["state"] in ("waiting", "ready")]

    def money_taken(self):
        return [p for p in self.bank.payments() if p["state"] == "succeeded"]

    def _carry(self, request):
        signature = request.headers["Bank-Signature"]
        answer = Client(raise_request_exception=False).post(
            request.url.path,
            request.content,
            content_type="application/json",
            headers={"Bank-Signature": signature},
        )
        self.answers.append(answer.status_code)
        noticing.look_at_noted(now=timezone.now())  # a worker comes by
        return httpx.Response(answer.status_code)
