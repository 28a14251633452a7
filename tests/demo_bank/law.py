"""What the laws of the money share: the bank in this process, its faults, a fresh start; and all
that happens to money once it was taken, up to the day on which the books are compared.
"""

import contextlib
import os
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tamizdat.demo.bank.clerk import Refused
from tamizdat.ledger import books
from tamizdat.payments import differing, reconciling, refunding, settling
from tamizdat.payments.errors import PaymentError, WrongState
from tamizdat.payments.models import Attempt, Charge, Difference, Dispute
from tamizdat.payments.providers import registry
from tests.demo_bank.nowhere import Nowhere
from tests.payments.stripe_server import Says

AN_HOUR = timedelta(hours=1)  # the last line of an account is of this very moment

FAULTS = ["break_before", "break_after", "decline", "pend", "lose", "duplicate", "late_fee"]
CALM = dict.fromkeys(FAULTS, 0) | {"hold": False, "reverse": False, "forget_daily": False}
which = st.integers(min_value=0, max_value=5)


class Law(RuleBasedStateMachine):
    """Each run begins with an empty bank and leaves the database as it was."""

    bank = Nowhere

    def __init__(self):
        super().__init__()
        self.run = transaction.atomic()
        self.run._from_testcase = True  # as Django marks its own, so that `durable` looks past it
        self.run.__enter__()
        self.nowhere = self.bank()
        self.usual, registry._providers = registry._providers, {}
        registry.register(self.nowhere.provider)

    def teardown(self):
        try:
            self.in_the_end_every_cent_is_explained()
        finally:
            registry._providers = self.usual
            transaction.set_rollback(True)
            self.run.__exit__(None, None, None)

    @invariant()
    def no_more_is_gone_than_was_taken(self):
        for charge in Charge.objects.all():
            assert 0 <= charge.refunded_minor + charge.disputed_minor <= charge.amount_minor

    @invariant()
    def the_books_balance(self):
        assert books.do_balance()

    @invariant()
    def nothing_is_put_aside_unexplained(self):
        assert not books.balances("suspense")

    @contextlib.contextmanager
    def whatever_happens(self):
        with contextlib.suppress(PaymentError, WrongState):
            yield


class LawAtTheBank(Law):
    """And what others do with money that was taken."""

    def __init__(self):
        super().__init__()
        self.disputes = []

    @rule(n=which, minor=st.integers(1, 600))
    def someone_gives_back_on_the_bank_s_own_pages(self, n, minor):
        with self.if_the_bank_will():
            self.nowhere.bank.refund_by_hand(self.pick_taken(n), minor)

    @rule(n=which, is_heard=st.booleans())
    def a_refund_fails_later(self, n, is_heard):
        """Whoever made it; we hear of it, or not."""
        with self.if_the_bank_will():
            if given := self.nowhere.bank.refunds_given():
                self.nowhere.bank.fail_refund(given[n % len(given)])
        if is_heard:
            for payment in self.nowhere.money_taken():
                self.look_at(payment["id"])

    @rule(n=which, is_heard=st.booleans(), won=st.sampled_from([None, True, False]))
    def a_giver_disputes(self, n, is_heard, won):
        """And is answered at once, or later; we hear of it in between, or not."""
        with self.if_the_bank_will():
            payment = self.pick_taken(n)
            dispute = self.nowhere.bank.dispute(payment)
            self.disputes.append(dispute)
            if is_heard:
                self.look_at(payment)
            if won is not None:
                self.nowhere.bank.decide(dispute, won=won)

    @rule(n=which, won=st.booleans())
    def a_dispute_is_decided(self, n, won):
        with self.if_the_bank_will():
            if self.disputes:
                self.nowhere.bank.decide(self.disputes[n % len(self.disputes)], won=won)

    @rule(currency=st.sampled_from(["EUR", "USD"]))
    def the_bank_pays_out(self, currency):
        with self.if_the_bank_will():
            self.nowhere.bank.pay_out(currency)

    @rule()
    def fees_are_told(self):
        self.nowhere.bank.tell_fees()

    @rule(on=st.booleans())
    def keys_are_forgotten_daily(self, on):
        self.nowhere.bank.dial.turn(forget_daily=on)

    @rule()
    def the_books_are_compared(self):
        with self.whatever_happens():
            reconciling.reconcile(self.nowhere.provider, now=self.now + AN_HOUR)

    def pick_taken(self, n):
        taken = self.nowhere.money_taken()
        if not taken:
            raise Refused("nothing was taken")
        return taken[n % len(taken)]["id"]

    def look_at(self, payment):
        if attempt := Attempt.objects.filter(remote_id=payment).first():
            with self.whatever_happens():
                settling.resolve(attempt, now=self.now)

    @contextlib.contextmanager
    def if_the_bank_will(self):
        with contextlib.suppress(Refused, Says):
            yield

    def set_time(self, now):
        self.now = now
        self.nowhere.set_clock(now)

    def in_the_end_every_cent_is_explained(self):
        """Once the faults are over and the chores have run, the bank and the books agree."""
        self.nowhere.bank.dial.turn(**CALM)
        for payment in self.nowhere.bank.payments():
            self.nowhere.bank.settle(payment["id"], well=True)
        self.nowhere.bank.tell_fees()
        self.set_time(self.now + timedelta(days=2))
        settling.resolve_open(now=self.now)
        refunding.resolve_open(now=self.now)
        self.set_time(self.now + timedelta(days=3))
        reconciling.reconcile(self.nowhere.provider, now=self.now + AN_HOUR)
        left = Difference.objects.exclude(state="resolved")
        assert not [(d.kind, d.movement, d.ours_minor, d.theirs_minor) for d in left]
        for currency in ("EUR", "USD"):
            cash = books.balance(f"cash-{self.nowhere.provider.code}", currency).minor
            assert cash == self.nowhere.bank.owed(currency)
        for row in differing.standings():
            assert row.difference.minor == 0
        away = Dispute.objects.filter(state="open").values_list("amount_minor", flat=True)
        assert sum(money.minor for money in books.balances("disputed")) == sum(away)


def hold(law, *, examples):
    """LAW_TIMES says how many times as many; then a failure is told as it was found."""
    times = int(os.environ.get("LAW_TIMES", "1"))
    run_state_machine_as_test(
        law,
        settings=settings(
            max_examples=examples * times,
            stateful_step_count=30,
            phases=list(Phase) if times == 1 else [Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
