"""All there is, in one process: our pages, the demo bank, the worker, mailboxes and a clock."""

import contextlib
import heapq
import random
import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import count
from unittest import mock

from django.core import mail
from django.test import Client
from django.utils import timezone

from tamizdat.demo.bank import wallet
from tamizdat.demo.bank.wallet import Holder
from tamizdat.funding import letters, switching
from tamizdat.payments.models import Breaker
from tamizdat.theme.facts import surrounds
from tests.conftest import NOON
from tests.payments.banks import BANKS, only

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ROUND = 5 * MINUTE  # of the worker: some thirty times as slow as it is
OURS = re.compile(r"^https?://[^/]+")
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
ASKED = ("succeeded", "declined")  # states of a payment whose card's bank was asked


class Town:
    """Where people give and where cards are tried. Nothing sleeps: time is what `now` says."""

    def __init__(self, *, seed: int) -> None:
        self.now, self.chance = NOON, random.Random(seed)
        self.links: dict[str, str] = {}  # of confirmations, by mailbox
        self.mails, self.off_for, self.trips = 0, timedelta(0), 0
        self._due: list = []
        self._numbers, self._turn = count(5_000_000_000_000_000), count()

    @contextlib.contextmanager
    def open(self):
        with (
            only(BANKS["demo-bank"]()) as self.bank,
            mock.patch.object(timezone, "now", self._clock),
            # Whoever looks at a page knows the answer: what it costs is counted, not spent.
            mock.patch("tamizdat.lib.puzzle.secrets.randbelow", self._pick),
            # The head and the foot of the pages stay the same: they are rendered once.
            mock.patch.object(surrounds, "_rendered", cache(surrounds._rendered)),
            mock.patch.object(wallet, "_BY_NUMBER", dict(wallet._BY_NUMBER)),
        ):
            self.bank.bank._clock = lambda: self.now.timestamp()
            self.client = Client()
            yield self

    def at(self, when, what: Callable[[], None]) -> None:
        heapq.heappush(self._due, (when, next(self._turn), what))

    def live(self, *, until) -> None:
        """Everybody does what they do, in turn, and now and then the worker its round."""
        self.at(self.now, self._work)
        while self._due and self._due[0][0] <= until:
            self.now, _, what = heapq.heappop(self._due)
            what()

    def card(self, country: str, *, refusal: str = "") -> str:
        """The number of one that nobody else has."""
        number = str(next(self._numbers))
        holder = Holder(number, "card", country, "pays", refusal=refusal)
        wallet._BY_NUMBER[number] = holder
        return number

    # --- what a browser, or something like it, does

    def form(self, **words: str) -> tuple[dict[str, str], str]:
        """The fields of a fresh form, and the page."""
        page = self.client.get("/checkout/?currency=USD&interval=once").content.decode()
        filled = dict(HIDDEN.findall(page)) | {"amount": "10", "own": "", "method": "card"}
        return filled | words, page

    def solve(self, page: str) -> tuple[str, int]:
        """The proof for `page`, and how many tries it takes."""
        work = re.search(r'data-work="([^"]+)"', page)[1]
        return f"{work}~{self._answer}", self._answer + 1

    def send(self, words: dict[str, str], to: str = "/checkout/"):
        return self.client.post(OURS.sub("", to), words)

    def pay(self, url: str, card: str, *, comes_back: bool = True) -> tuple[str, str]:
        """Name `card` at the bank and come back: what the bank was asked, and the page."""
        back = self.bank.pay(url, card)
        page = self.client.get(OURS.sub("", back)).content.decode() if comes_back else ""
        payment = self.bank.bank.find(payment_id=url.rpartition("/")[2])
        return payment["state"], page

    def _clock(self):
        return self.now

    def _pick(self, most: int) -> int:
        self._answer = self.chance.randrange(most)
        return self._answer

    def _work(self) -> None:
        letters.send_waiting(now=self.now)
        switching.watch(now=self.now)
        for sent in mail.outbox:
            self.mails += 1
            if link := re.search(r"/confirm/\S+/", sent.body):
                self.links[sent.to[0]] = link[0]
        mail.outbox.clear()
        if breaker := Breaker.objects.filter(state="open").first():
            self.off_for += ROUND
            self.trips = max(self.trips, breaker.trips)
        self.at(self.now + ROUND, self._work)
