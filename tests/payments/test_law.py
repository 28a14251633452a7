"""The law of the money, over whatever order things happen in.

Readers pay, decline, press twice and dispute; the bank times out after it took the money, breaks,
tells us twice, late, in the wrong order or never, gives back by itself, pays out, names its fee
later or in another currency; workers charge, resolve, give back, compare and stop. Always: at most
one success per charge, no more gone than was taken, and the books balance. In the end the books
and the bank's account are compared, and no difference is left.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
)

from tamizdat.lib.money import Money
from tamizdat.payments import charging, reconciling, refunding, settling
from tamizdat.payments.models import Attempt, Charge, Instrument
from tests.demo_bank.law import FAULTS, LawAtTheBank, hold, which
from tests.demo_bank.nowhere import ASKS, EMPTY, STOLEN, TIRES, WORKS
from tests.payments.paying import open_page
from tests.payments.paypal_nowhere import PayPalNowhere
from tests.payments.stripe_nowhere import StripeNowhere

CURRENCIES = ["EUR", "USD"]


class LawOfTheMoney(LawAtTheBank):
    def __init__(self):
        super().__init__()
        self.set_time(timezone.now())  # as for the webhooks, which come by the wall clock
        self.pages, self.charges = [], []

    @rule(minor=st.integers(31, 10_000), currency=st.sampled_from(CURRENCIES))
    def promise(self, minor, currency):
        self.charges.append(
            Charge.objects.create(amount_minor=minor, currency=currency, created_at=self.now)
        )

    @rule(keep=st.booleans(), fault=st.sampled_from([*FAULTS, "hold"]))
    def give(self, keep, fault):
        """A whole gift in one breath, something going wrong in the middle of it."""
        self.promise(500, "EUR")
        self.open(-1, keep)
        if self.pages:
            self.pay(-1, WORKS)
        self.nowhere.bank.dial.turn(**{fault: 1})
        self.come_back(-1)

    @precondition(lambda self: self.charges)
    @rule(n=which, keep=st.booleans())
    def open(self, n, keep):
        with self.whatever_happens():
            self.pages.append(open_page(self.pick(n), keep=keep, now=self.now).url)

    @precondition(lambda self: self.pages)
    @rule(n=which, number=st.sampled_from([WORKS, WORKS, ASKS, EMPTY, STOLEN, TIRES]))
    def pay(self, n, number):
        onward = self.nowhere.pay(self.pages[n % len(self.pages)], number)
        # A charge under way has no page at the bank, but the one that says so.
        if onward and onward.endswith("/question"):
            self.nowhere.reader().post(onward, data={"answer": "yes"})

    @precondition(lambda self: self.charges)
    @rule(n=which)
    def charge_a_kept_card(self, n):
        if instrument := Instrument.objects.first():
            with self.whatever_happens():
                charging.charge_saved(charge=self.pick(n), instrument=instrument, now=self.now)

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
        self.nowhere.courier.deliver()

    @rule(minutes=st.sampled_from([1, 10, 600, 1500]))
    def work(self, minutes):
        self.set_time(self.now + timedelta(minutes=minutes))
        settling.resolve_open(now=self.now)
        refunding.resolve_open(now=self.now)
        reconciling.keep_up(now=self.now)

    @rule(well=st.booleans())
    def become_certain(self, well):
        for payment in self.nowhere.bank.payments():
            self.nowhere.bank.settle(payment["id"], well=well)

    @precondition(lambda self: self.charges)
    @rule(n=which)
    def stop(self, n):
        with self.whatever_happens():
            charging.cancel(self.pick(n), now=self.now)

    @precondition(lambda self: self.charges)
    @rule(n=which, minor=st.integers(1, 10_000))
    def give_back(self, n, minor):
        charge = self.pick(n)
        with self.whatever_happens():
            refunding.refund(charge, Money(minor, charge.currency), now=self.now)

    def pick(self, n):
        return Charge.objects.get(pk=self.charges[n % len(self.charges)].pk)

    @invariant()
    def at_most_one_success_per_charge(self):
        paid = [p["key"].rpartition("-")[0] for p in self.nowhere.money_taken()]
        assert len(paid) == len(set(paid))

    @invariant()
    def what_we_booked_the_bank_has(self):
        ours = Attempt.objects.filter(state="succeeded").values_list("remote_id", flat=True)
        assert set(ours) <= {p["id"] for p in self.nowhere.money_taken()}


class LawWhereAnswersAreLost(LawOfTheMoney):
    """Any answer, and after it the keys by which what was asked is known."""

    @rule()
    def forget_keys(self):
        self.nowhere.counter.forget_keys()

    @rule(keep=st.booleans(), nth=st.integers(1, 4), forget=st.booleans())
    def give_and_lose_an_answer(self, keep, nth, forget):
        self.promise(500, "EUR")
        self.open(-1, keep)
        if self.pages:
            self.pay(-1, WORKS)
        self.lose(nth, forget, lambda: self.come_back(-1))

    @rule(nth=st.integers(1, 2), forget=st.booleans())
    def charge_and_lose_an_answer(self, nth, forget):
        self.promise(700, "EUR")
        self.lose(nth, forget, lambda: self.charge_a_kept_card(-1))

    @precondition(lambda self: self.charges)
    @rule(n=which, minor=st.integers(1, 300), forget=st.booleans())
    def give_back_and_lose_the_answer(self, n, minor, forget):
        self.lose(1, forget, lambda: self.give_back(n, minor))

    def lose(self, nth, forget, ask):
        self.nowhere.counter.lose_answer = nth
        ask()
        self.nowhere.counter.lose_answer = 0
        if forget:
            self.forget_keys()


class LawAtStripe(LawWhereAnswersAreLost):
    """Its keys expire by the same clock, or at once, and may remember that it broke."""

    bank = StripeNowhere

    def __init__(self):
        super().__init__()
        self.nowhere.bank.keeps_quiet = True  # about fees, until it tells them

    @rule(currency=st.sampled_from(["", "usd"]))
    def the_account_settles_in(self, currency):
        self.nowhere.bank.settles_in = currency

    @rule(times=st.integers(1, 2))
    def break_and_remember(self, times):
        self.nowhere.counter.remembers_breaking = times

    def in_the_end_every_cent_is_explained(self):
        self.nowhere.counter.remembers_breaking = 0
        self.forget_keys()
        super().in_the_end_every_cent_is_explained()
        kept = Instrument.objects.count()
        assert len(self.nowhere.bank.all_of("cus_")) >= kept


class LawAtPayPal(LawWhereAnswersAreLost):
    """Its keys and its orders expire by the same clock, and any answer may be lost."""

    bank = PayPalNowhere

    @rule(patches=st.booleans(), at_once=st.booleans())
    def be_as_strict_as_its_documents_allow(self, patches, at_once):
        self.nowhere.bank.patches_pages = patches
        self.nowhere.bank.keeps_at_once = at_once


@pytest.mark.django_db
@pytest.mark.parametrize("law", [LawOfTheMoney, LawAtStripe, LawAtPayPal])
def test_the_law_of_the_money(law):
    hold(law, examples=25)
