"""What happens to the money of a newsroom at large, several things at one moment.

Readers, a revenue lead and workers act in threads with connections of their own; the bank is a
process elsewhere, heard and asked over sockets; its webhooks come when they come. What cannot be
proven while two do opposite things at one moment (lifting a halt while it is ordered) is done
alone, between two such moments.
"""

import contextlib
import threading
from collections import defaultdict
from datetime import timedelta

from django.utils import timezone

from tamizdat.funding import giving, halting, purging, schedule, selfservice
from tamizdat.funding.days import day_of
from tamizdat.funding.halting import Scope
from tamizdat.funding.models import HaltOrder, Pledge, RiskRule, Supporter
from tamizdat.lib.money import Money
from tamizdat.payments import noticing, refunding, settling
from tamizdat.payments.errors import PaymentError, WrongState
from tamizdat.payments.models import Attempt, Charge
from tamizdat.payments.silence import Silent
from tests.demo_bank.elsewhere import TAKEN
from tests.demo_bank.nowhere import ASKS, EMPTY, TIRES, WORKS
from tests.funding.givers import wish

FORBIDDEN = "US"  # where the card that works is from
SCOPES = (Scope(country=FORBIDDEN), Scope(provider="demo-bank"), Scope())
CARDS = (WORKS, WORKS, WORKS, TIRES, EMPTY, ASKS)
INTERVALS = ("month", "month", "year", "once")
AMOUNTS = (300, 500, 700)
DIAL = ("break_before", "break_after", "decline", "pend", "lose", "duplicate")
LINE = ("lose_question", "lose_answer", "twice", "late")
DAYS = (1, 3, 7, 28, 31, 100)
MOST_PLEDGES = 4


class Large:
    """One episode: its own pledges and charges, beside those of earlier ones that are over."""

    def __init__(self, bank, site):
        self.bank, self.site = bank, site
        self.now = timezone.now()
        self.lock = threading.Lock()
        self.row = max((payment["row"] for payment in bank.payments()), default=0)
        self.first_charge = getattr(Charge.objects.order_by("pk").last(), "pk", 0)
        self.first_pledge = getattr(Pledge.objects.order_by("pk").last(), "pk", 0)
        self.gifts = [wish(interval, address=f"ana-{n}@example.org")
                      for n, interval in enumerate(INTERVALS)]  # fmt: skip
        self.allowed = defaultdict(list)  # what had to end -> sets of keys that may still be paid
        self.amounts = defaultdict(set)  # of a pledge: what its reader may have been shown
        self.stale = []  # a list that a worker read a while ago

    # --- what may happen beside anything else; n chooses whom it happens to

    def give(self, n):
        if self.pledges().count() < MOST_PLEDGES:
            with self.lock:
                gift = wish(INTERVALS[n % 4], minor=AMOUNTS[n % 3], address=f"b-{n}@example.org")
            self.go_to_the_bank(giving.promise(gift, now=self.now), CARDS[n % len(CARDS)])

    def press_twice(self, n):
        """Whoever else does the same presses the button of the same form."""
        self.go_to_the_bank(giving.promise(self.gifts[n % 4], now=self.now), CARDS[n % 3])

    def go_to_the_bank(self, charge, card):
        bank = giving.open_bank(charge, provider="demo-bank", language="en", now=self.now)
        self.bank.pay(bank.url, card)
        self.look(charge)

    def look(self, charge):
        """At the page that says how it went: on the web server, by its own clock."""
        answer = self.bank.browser.get(f"{self.site}/thanks/{charge.reference}/")
        assert answer.status_code == 200, answer.text

    def come_back(self, n):
        if charge := self.charge(n):
            self.look(charge)

    def pay_with_another_card(self, n):
        due = self.pledge(n) and self.pledge(n).dues.order_by("-period_on").first()
        if due and due.pledge.state == "past_due" and due.charge.state != "succeeded":
            self.go_to_the_bank(due.charge, WORKS)

    def work(self, n):
        """A worker's round; some workers' clocks are fast."""
        now = self.now + timedelta(hours=(0, 0, 1, 26)[n % 4])
        halting.enforce(now=now)
        noticing.look_at_noted(now=now)
        settling.resolve_open(now=now)
        refunding.resolve_open(now=now)
        schedule.charge_due(now=now)
        purging.forget_unpaid(now=now)

    def work_on_an_old_list(self, n):
        for pledge in self.stale:
            with Suppressed():
                schedule._charge(pledge, Silent(), now=self.now)

    def stop(self, n):
        if pledge := self.pledge(n):
            selfservice.stop(pledge, now=self.now)
            self.had_to_end([pledge.pk])

    def forget(self, n):
        if pledge := self.pledge(n):
            selfservice.forget(Supporter.objects.get(pk=pledge.supporter_id), now=self.now)
            self.had_to_end([pledge.pk])

    def pause(self, n):
        if pledge := self.pledge(n):
            selfservice.pause(pledge, 1 + n % 3, now=self.now)

    def change_the_amount(self, n):
        if pledge := self.pledge(n):
            minor = AMOUNTS[n % 3]
            with self.lock:
                self.amounts[pledge.pk].add(minor)
            selfservice.change_amount(pledge, Money(minor, "USD"), now=self.now)

    def give_back(self, n):
        if charge := self.charge(n):
            refunding.refund(charge, Money(AMOUNTS[n % 3] - 200, "USD"), now=self.now)

    def a_refund_fails(self, n):
        self.bank.fail_refund(n, after=self.row)

    def halt(self, n):
        scope = SCOPES[n % 3]
        halting.halt(scope, reason="a new law", now=self.now)
        self.allow(f"halt {scope}", self.still_open() | self.taken_under(scope))

    def rule_says_never(self, n):
        # By the clock of the web server too, which is behind.
        yesterday = day_of(timezone.now() - timedelta(days=1))
        RiskRule.objects.get_or_create(
            country=FORBIDDEN, action="never", starts_on=yesterday, interval="any"
        )
        self.allow("rule", self.still_open() | self.taken_under(SCOPES[0]))

    def turn_the_dial(self, n):
        self.bank.turn(**{DIAL[n % len(DIAL)]: 1 + n % 2})

    def trouble_on_the_line(self, n):
        self.bank.line.turn(**{LINE[n % len(LINE)]: 1 + n % 2})

    def what_was_late_arrives(self, n):
        self.bank.line.arrive()

    def become_certain(self, n):
        self.bank.settle(well=bool(n % 3))

    # --- what happens alone

    def time_passes(self, n):
        self.now += timedelta(days=DAYS[n % len(DAYS)])

    def slow_post(self, n):
        self.bank.turn(hold=n % 3 == 0, reverse=n % 2 == 0)

    def resume(self, n):
        if pledge := self.pledge(n):
            selfservice.resume(pledge, now=self.now)

    def lift_all(self, n=0):
        for order in HaltOrder.objects.in_force():
            with contextlib.suppress(halting.NotReached):
                halting.lift(order, reason="repealed", now=self.now)
                scope = Scope(country=order.country, provider=order.provider)
                self.allowed.pop(f"halt {scope}", None)
        RiskRule.objects.all().delete()
        self.allowed.pop("rule", None)

    def keys_are_forgotten(self, n):
        """What was on its way a day ago is lost for good; one worker comes by."""
        self.bank.line.drop()
        self.bank.turn(forget=True)
        self.now += timedelta(days=1)
        refunding.resolve_open(now=self.now)
        self.bank.turn(forget=False)

    def end(self):
        """So that the next episode finds nothing due and nothing in force."""
        for pledge in self.pledges().exclude(state__in=Pledge.ENDED):
            selfservice.stop(pledge, now=self.now)
        self.lift_all()

    # --- looking

    def pledges(self):
        return Pledge.objects.filter(pk__gt=self.first_pledge).order_by("pk")

    def charges(self):
        return Charge.objects.filter(pk__gt=self.first_charge).order_by("pk")

    def pledge(self, n):
        return pick(self.pledges(), n)

    def charge(self, n):
        return pick(self.charges(), n)

    def attempts(self):
        return Attempt.objects.filter(charge__pk__gt=self.first_charge)

    def still_open(self):
        """Keys of what was asked for, or may be, and whose cancellation the bank has not heard."""
        return set(self.attempts().open().values_list("idempotency_key", flat=True))

    def asked_for(self):
        """Keys of those that money was asked for under, and nobody knows what became of it."""
        asked = self.attempts().filter(state__in=["sent", "pending"])
        return set(asked.values_list("idempotency_key", flat=True))

    def payments(self):
        return [p for p in self.bank.payments(after=self.row) if p["state"] in TAKEN]

    def taken_under(self, scope):
        country = scope.country
        return {p["key"] for p in self.payments() if p["country"] == country or not country}

    def had_to_end(self, pledges):
        # What is open is read first: what closes meanwhile is found among what was taken.
        still_open = self.still_open()
        for pk in pledges:
            self.allow(pk, still_open | {p["key"] for p in self.payments()})

    def allow(self, what, keys):
        with self.lock:
            self.allowed[what].append(keys)


def pick(rows, n):
    found = list(rows)
    return found[n % len(found)] if found else None


class Suppressed:
    """What may be answered to anyone at any moment: no, or no answer."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return kind is not None and issubclass(kind, PaymentError | WrongState)
