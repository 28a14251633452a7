"""The law of the money where nobody is charged: givers send what they like, when they like.

Coins come early, late, in parts, twice, or are taken back; the server breaks before and after, and
tells us twice, in the wrong order or never; readers go back and stop, the newsroom gives back.
Always: one success a charge at most, no cent in the books that no coin brought, and in the end
every coin is in the books, or came, or became certain, after its gift was closed and is in the
account's lines.
"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import charging, refunding, settling
from tamizdat.payments.models import Attempt, Charge, Refund
from tests.demo_bank.law import Law, hold
from tests.payments.btcpay_nowhere import BTCPayNowhere
from tests.payments.btcpay_server import COIN
from tests.payments.paying import open_page

FAULTS = ["break_before", "break_after", "lose", "duplicate"]
which = st.integers(min_value=0, max_value=5)
share = st.sampled_from(["0.25", "0.5", "1", "1", "1", "1.5"])


class InHaste(BTCPayNowhere):
    is_checked = False  # each kind of call is, in test_btcpay


class LawOfCoins(Law):
    bank = InHaste

    def __init__(self):
        super().__init__()
        self.now = timezone.now()  # as for the webhooks, which come by the wall clock
        self.nowhere.bank.clock = lambda: self.now.timestamp()
        self.charges, self.too_late = [], set()  # invoices of closed attempts that got coins

    @rule(minor=st.integers(31, 10_000))
    def promise(self, minor):
        words = {"amount_minor": minor, "currency": "EUR", "created_at": self.now}
        self.charges.append(Charge.objects.create(**words))

    @precondition(lambda self: self.charges)
    @rule(n=which)
    def open(self, n):
        with self.whatever_happens():
            open_page(self.pick(n), now=self.now)

    @rule(part=share, fault=st.sampled_from(FAULTS), certain=st.booleans())
    def give(self, part, fault, certain):
        """A whole gift in one breath, something going wrong in the middle of it."""
        self.promise(500)
        self.open(-1)
        if self.nowhere.bank.invoices:  # else the fault that was on the dial struck here
            self.send(-1, part, certain)
        self.nowhere.bank.dial.turn(**{fault: 1})
        self.come_back(-1)

    @precondition(lambda self: self.nowhere.bank.invoices)
    @rule(n=which, part=share, certain=st.booleans())
    def send(self, n, part, certain):
        invoice = self.invoice(n)
        attempt = self.attempt_of(invoice)
        if not attempt.is_open:
            self.too_late.add(invoice)
        price = self.nowhere.bank.price(invoice)
        self.nowhere.bank.send(invoice, (price * Decimal(part)).quantize(COIN), certain=certain)

    @precondition(lambda self: self.nowhere.bank.invoices)
    @rule(n=which)
    def confirm(self, n):
        self.a_block_holds(self.invoice(n))

    @precondition(lambda self: self.nowhere.bank.invoices)
    @rule(n=which)
    def take_back(self, n):
        self.nowhere.bank.take_back(self.invoice(n))

    @precondition(lambda self: self.charges)
    @rule(n=which)
    def come_back(self, n):
        if attempt := self.pick(n).latest_attempt:
            with self.whatever_happens():
                settling.resolve(attempt, now=self.now)

    @rule(fault=st.sampled_from(FAULTS), times=st.integers(1, 2))
    def turn_the_dial(self, fault, times):
        self.nowhere.bank.dial.turn(**{fault: times})

    @rule(hold=st.booleans(), reverse=st.booleans())
    def delay_the_post(self, hold, reverse):
        self.nowhere.bank.dial.turn(hold=hold, reverse=reverse)

    @rule()
    def deliver(self):
        self.nowhere.deliver()

    @rule(minutes=st.sampled_from([1, 10, 70, 600, 1500]))
    def work(self, minutes):
        self.now += timedelta(minutes=minutes)
        settling.resolve_open(now=self.now)
        refunding.resolve_open(now=self.now)

    @precondition(lambda self: self.charges)
    @rule(n=which)
    def stop(self, n):
        with self.whatever_happens():
            charging.cancel(self.pick(n), now=self.now)

    @precondition(lambda self: self.charges)
    @rule(n=which, minor=st.integers(1, 10_000))
    def give_back(self, n, minor):
        with self.whatever_happens():
            refunding.refund(self.pick(n), Money(minor, "EUR"), now=self.now)

    def pick(self, n):
        return Charge.objects.get(pk=self.charges[n % len(self.charges)].pk)

    def invoice(self, n):
        names = list(self.nowhere.bank.invoices)
        return names[n % len(names)]

    def attempt_of(self, invoice):
        key = self.nowhere.bank.invoices[invoice]["metadata"]["orderId"]
        return Attempt.objects.get(idempotency_key=key)

    def a_block_holds(self, invoice):
        """Also what no gift waited for any more, when what was certain of it had been booked."""
        coins = self.nowhere.bank.invoices[invoice]["_coins"]
        is_open = self.attempt_of(invoice).is_open
        if not is_open and any(each["status"] == "Processing" for each in coins):
            self.too_late.add(invoice)
        self.nowhere.bank.confirm(invoice)

    @invariant()
    def what_is_booked_came(self):
        for attempt in Attempt.objects.filter(state="succeeded").select_related("charge"):
            worth = self.nowhere.bank.worth(attempt.remote_id)
            assert attempt.charge.amount_minor <= round(worth * 100)

    @invariant()
    def the_books_hold_the_gifts_less_what_was_given_back(self):
        given = sum(c.amount_minor for c in Charge.objects.filter(state="succeeded"))
        back = sum(r.amount_minor for r in Refund.objects.filter(state="succeeded"))
        assert books.balance("cash-btcpay", "EUR").minor == given - back
        assert books.do_balance()

    @invariant()
    def nothing_is_given_back_twice(self):
        names = [promise["name"] for promise in self.nowhere.bank.promises.values()]
        assert len(names) == len(set(names))

    def in_the_end_every_cent_is_explained(self):
        self.nowhere.bank.dial.turn(hold=False, reverse=False, **dict.fromkeys(FAULTS, 0))
        for invoice in self.nowhere.bank.invoices:
            self.a_block_holds(invoice)
        for _ in range(2):
            self.now += timedelta(hours=25)
            settling.resolve_open(now=self.now)
            refunding.resolve_open(now=self.now)
        assert not Attempt.objects.open().exists()
        in_account = self.account()
        for invoice in self.nowhere.bank.invoices:
            attempt = self.attempt_of(invoice)
            if invoice in self.too_late:
                continue
            if attempt.remote_id == invoice and attempt.state == "succeeded":
                assert attempt.charge.amount_minor == in_account[invoice]
            elif attempt.state != "succeeded":  # of two pages of one gift the other was booked
                assert in_account[invoice] == 0

    def account(self):
        """What the account's lines say of each invoice; together, what the coins are worth."""
        since = self.now - timedelta(days=29)
        lines = list(self.nowhere.provider.account_lines(since=since, until=self.now))
        found = Counter()
        for line in lines:
            found[line.payment_id] += line.net.minor
        for invoice in self.nowhere.bank.invoices:
            assert abs(found[invoice] - self.nowhere.bank.worth(invoice) * 100) <= 1
        return found


@pytest.mark.django_db
def test_the_law_of_coins():
    hold(LawOfCoins, examples=25)
