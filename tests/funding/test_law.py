"""The law of the pledge, over whatever order things happen in.

Readers give, stop, pause, go on, change the amount and pay with another card; months pass, with a
worker or without; a second worker goes on with a list it read long ago; the bank refuses, times
out after it took the money, breaks, is not certain yet, tells us twice, late or never; a giver
disputes what was taken, the bank gives back by itself and pays out; a rule begins that says never,
and a halt is ordered and lifted. Always: at most one success per pledge and period, nothing new is
taken after the end or in a pause or under such a rule or halt, what is halted stays so, and what is
taken is the amount its reader saw. In the end the bank's money is the books' money. Readers also
name another card without paying, move the day, and leave a gift out: then no card that was replaced
is asked for anything, no gift is earlier than was promised, and a bank that wants to hear from its
reader is not asked blindly for five days. A gift is due on the day it began, through every month.
"""

import contextlib
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)

from tamizdat.funding import (
    cards,
    expiry_notices,
    following,
    giving,
    guarding,
    halting,
    outcome,
    schedule,
    selfservice,
)
from tamizdat.funding.days import day_of
from tamizdat.funding.halting import Scope
from tamizdat.funding.models import Due, HaltOrder, Pledge, RiskRule
from tamizdat.lib.money import Money
from tamizdat.payments import expiring, forgetting, keeping, reconciling, settling
from tamizdat.payments.models import Attempt, Instrument
from tamizdat.payments.silence import Silent
from tests.demo_bank.law import FAULTS, LawAtTheBank, hold
from tests.demo_bank.nowhere import ASKS_ALWAYS, EMPTY, TIRES, WORKS
from tests.funding.givers import at, wish

FORBIDDEN = "US"  # where the card that works is from
IN_BETWEEN = [
    "stop",
    "pause",
    "change_the_amount",
    "a_rule_says_never",
    "a_halt",
    "a_worker_comes_by",
]
TAKEN = ("pending", "succeeded")
MOST_PLEDGES = 3
SCOPES = [Scope(country=FORBIDDEN), Scope(provider="demo-bank"), Scope()]
which = st.integers(min_value=0, max_value=3)
someone_gives = precondition(lambda self: Pledge.objects.exists())


class LawOfThePledge(LawAtTheBank):
    def __init__(self):
        super().__init__()
        self.set_time(at(2027, 1, 31))
        self.frozen = {}  # what was taken when it had to end: (pledge, why) -> ids at the bank
        self.seen = set()
        self.halted = set()
        self.asked_before_a_change = set()
        self.asked_of_revoked = {}
        self.tokens = {}  # of every card that was kept, also once it is forgotten

    @initialize()
    def ana_gives_each_month(self):
        self.give("month", WORKS)

    @precondition(lambda self: Pledge.objects.count() < MOST_PLEDGES)
    @rule(
        interval=st.sampled_from(["month", "year"]),
        card=st.sampled_from([WORKS, TIRES, EMPTY, ASKS_ALWAYS]),
    )
    def give(self, interval, card):
        with self.whatever_happens():
            charge = giving.promise(wish(interval), now=self.now)
            self.go_to_the_bank(charge, card)

    def go_to_the_bank(self, charge, card):
        bank = giving.open_bank(charge, provider="demo-bank", language="en", now=self.now)
        answer = self.nowhere.pay_and_confirm if card == ASKS_ALWAYS else self.nowhere.pay
        answer(bank.url, card)
        outcome.of(charge, now=self.now)

    @someone_gives
    @rule(n=which)
    def pay_with_another_card(self, n):
        pledge = self.pick(n)
        due = pledge.dues.order_by("-period_on").first()
        if pledge.state in Pledge.OWING and due.charge.state != "succeeded":
            with self.whatever_happens():
                self.go_to_the_bank(due.charge, WORKS)

    @rule(days=st.sampled_from([1, 3, 7, 28, 31, 100]))
    def time_passes(self, days):
        self.set_time(self.now + timedelta(days=days, minutes=10))

    @rule(settles_first=st.booleans())
    def a_worker_comes_by(self, settles_first):
        before = self.successes_by_pledge()
        halting.enforce(now=self.now)
        chores = [settling.resolve_open, reconciling.keep_up, schedule.charge_due]
        for chore in chores if settles_first else reversed(chores):
            chore(now=self.now)
        burst = self.successes_by_pledge() - before
        assert all(count == 1 for count in burst.values()), "months were made up for in one go"

    @rule()
    def a_season_passes_with_a_worker(self):
        for _ in range(3):
            self.time_passes(31)
            self.a_worker_comes_by(True)
            self.check()

    @someone_gives
    @rule(n=which, act=st.sampled_from(IN_BETWEEN))
    def a_slow_worker_reads_its_list_and_then(self, n, act):
        """Something else happens before it goes on with what it read."""
        self.time_passes(31)
        its_list = list(Pledge.objects.due(on=day_of(self.now)))
        arguments = {
            "stop": [n],
            "pause": [n, 1],
            "change_the_amount": [n, 300 + 100 * n],
            "a_worker_comes_by": [True],
        }
        getattr(self, act)(*arguments.get(act, []))
        self.check()
        for pledge in its_list:
            with self.whatever_happens():
                schedule._charge(pledge, Silent(), now=self.now)

    @someone_gives
    @rule(n=which, minor=st.sampled_from([200, 700]))
    def change_the_amount(self, n, minor):
        asked = Attempt.objects.open().filter(charge__due__pledge=self.pick(n))
        keys = set(asked.values_list("idempotency_key", flat=True))
        with self.whatever_happens():
            selfservice.change_amount(self.pick(n), Money(minor, "USD"), now=self.now)
            self.asked_before_a_change |= keys

    @someone_gives
    @rule(n=which, months=st.sampled_from(selfservice.PAUSES))
    def pause(self, n, months):
        with self.whatever_happens():
            selfservice.pause(self.pick(n), months, now=self.now)

    @someone_gives
    @rule(n=which, card=st.sampled_from([WORKS, TIRES, ASKS_ALWAYS]))
    def name_another_card(self, n, card):
        with self.whatever_happens(), contextlib.suppress(guarding.NotNow):
            bank = cards.begin(self.pick(n), language="en", now=self.now)
            answer = self.nowhere.pay_and_confirm if card == ASKS_ALWAYS else self.nowhere.pay
            answer(bank.url, card)
            keeping.resolve(self.pick(n).setup, now=self.now)

    @rule()
    def setups_are_settled(self):
        keeping.resolve_open(now=self.now)
        expiring.follow_updates(now=self.now)
        expiry_notices.write(now=self.now)

    @rule()
    def revoked_cards_are_forgotten(self):
        forgetting.forget_revoked(now=self.now)

    @rule(last_month=st.sampled_from(["2020-01", "2199-12"]))
    def cards_are_sent_anew_or_end(self, last_month):
        self.nowhere.bank.reissue(last_month)

    @someone_gives
    @rule(n=which, day=st.integers(1, 28))
    def change_the_day(self, n, day):
        promised_on = self.pick(n).next_due_on
        with self.whatever_happens():
            selfservice.change_day(self.pick(n), day, now=self.now)
            assert self.pick(n).next_due_on >= promised_on

    @someone_gives
    @rule(n=which)
    def leave_one_out(self, n):
        pledge = self.pick(n)
        with self.whatever_happens():
            selfservice.skip(pledge, pledge.next_due_on, now=self.now)

    @someone_gives
    @rule(n=which)
    def resume(self, n):
        with self.whatever_happens():
            selfservice.resume(self.pick(n), now=self.now)

    @someone_gives
    @rule(n=which)
    def stop(self, n):
        with self.whatever_happens():
            selfservice.stop(self.pick(n), now=self.now)
        assert self.pick(n).is_ended

    @rule()
    def a_rule_says_never(self):
        RiskRule.objects.get_or_create(
            country=FORBIDDEN, action="never", starts_on=day_of(self.now), interval="any"
        )

    @rule(scope=st.sampled_from(SCOPES))
    def a_halt(self, scope=SCOPES[0]):
        halting.halt(scope, reason="a new law", now=self.now)

    @rule()
    def the_halts_are_lifted(self):
        for order in HaltOrder.objects.in_force():
            with contextlib.suppress(halting.NotReached):
                halting.lift(order, reason="repealed", now=self.now)

    @rule()
    def the_rule_is_lifted(self):
        RiskRule.objects.all().delete()

    @rule(fault=st.sampled_from(FAULTS), times=st.integers(1, 2))
    def turn_the_dial(self, fault, times):
        self.nowhere.bank.dial.turn(**{fault: times})

    @rule()
    def the_bank_writes(self):
        self.nowhere.courier.deliver()

    @rule(well=st.booleans())
    def become_certain(self, well):
        for payment in self.nowhere.bank.payments():
            self.nowhere.bank.settle(payment["id"], well=well)

    def pick(self, n):
        pledges = list(Pledge.objects.order_by("pk"))
        return pledges[n % len(pledges)]

    def pledges_by_charge(self):
        dues = Due.objects.values_list("charge__reference", "pledge_id", "period_on")
        return {reference: (pledge, period) for reference, pledge, period in dues}

    def taken(self, *states):
        """What the bank took or is taking: each payment with its pledge and period."""
        of = self.pledges_by_charge()
        payments = [p for p in self.nowhere.bank.payments() if p["state"] in states]
        return [(p, *of[p["key"].rpartition("-")[0]]) for p in payments]

    def successes_by_pledge(self):
        return Counter(pledge for _, pledge, _ in self.taken("succeeded"))

    @invariant()
    def at_most_one_success_per_pledge_and_period(self):
        paid = Counter((pledge, period) for _, pledge, period in self.taken(*TAKEN))
        assert not paid or max(paid.values()) == 1

    def check(self):
        self.at_most_one_success_per_pledge_and_period()
        self.nothing_new_is_taken_where_it_had_to_end()
        self.what_is_taken_is_what_its_reader_was_shown()

    @invariant()
    def nothing_new_is_taken_where_it_had_to_end(self):
        taken = defaultdict(set)
        forbidden = set()
        for payment, pledge, _ in self.taken(*TAKEN):
            taken[pledge].add(payment["id"])
            forbidden |= {payment["id"]} if payment["country"] == FORBIDDEN else set()
        now_frozen = {
            (pk, state): taken[pk]
            for pk, state in Pledge.objects.values_list("pk", "state")
            if state in (*Pledge.ENDED, "paused")
        }
        if RiskRule.objects.exists() or HaltOrder.objects.in_force().exists():
            now_frozen[FORBIDDEN] = forbidden
        if HaltOrder.objects.in_force().filter(country="").exists():
            now_frozen["halted"] = set().union(*taken.values())
        for what, ids in now_frozen.items():
            assert ids <= self.frozen.get(what, ids), f"taken after {what}"
        self.frozen = {what: self.frozen.get(what, ids) for what, ids in now_frozen.items()}

    @invariant()
    def what_is_halted_stays_halted(self):
        now_halted = set(Pledge.objects.filter(state="halted").values_list("pk", flat=True))
        assert self.halted <= now_halted
        self.halted = now_halted

    @invariant()
    def what_is_taken_is_what_its_reader_was_shown(self):
        shown = dict(Pledge.objects.values_list("pk", "amount_minor"))
        for payment, pledge, _ in self.taken(*TAKEN):
            if payment["id"] not in self.seen and payment["key"] not in self.asked_before_a_change:
                assert payment["amount"] == shown[pledge]
            self.seen.add(payment["id"])

    @invariant()
    def no_month_is_asked_for_while_the_one_before_may_still_be_paid(self):
        dues = Due.objects.filter(charge__attempts__in=Attempt.objects.open())
        for pledge, period in dues.values_list("pledge", "period_on"):
            later = Due.objects.filter(pledge=pledge, period_on__gt=period)
            assert not later.filter(charge__attempts__isnull=False).exists()

    @invariant()
    def a_gift_is_due_on_its_anchor_day_or_the_last_of_a_shorter_month(self):
        for pledge in Pledge.objects.filter(next_due_on__isnull=False):
            day, month = pledge.next_due_on, pledge.next_due_on.replace(day=1)
            last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            assert day.day == min(pledge.anchor_on.day, last.day)

    @invariant()
    def whose_gift_is_known_to_be_disputed_is_charged_no_more(self):
        disputed = Pledge.objects.filter(dues__charge__disputes__isnull=False)
        assert not disputed.exclude(state__in=Pledge.ENDED).exists()

    @invariant()
    def no_card_that_was_replaced_is_asked_for_more(self):
        """What was asked of it before may still come; nothing is asked of it afterwards."""
        with self.nowhere.bank._vaults.open() as db:
            sql = "SELECT token, COUNT(*) FROM payments WHERE return_url = '' GROUP BY token"
            asked = dict(map(tuple, db.execute(sql)))
        kept = Instrument.objects.filter(sealed_token__isnull=False)
        self.tokens |= {one.pk: one.token for one in kept}
        revoked = {self.tokens[one.pk] for one in Instrument.objects.filter(state="revoked")}
        now_asked = {token: asked.get(token, 0) for token in revoked}
        for token, count in now_asked.items():
            assert count <= self.asked_of_revoked.get(token, count), "an old card was asked again"
        self.asked_of_revoked = now_asked

    @invariant()
    def what_is_forgotten_is_kept_by_nobody(self):
        forgotten = Instrument.objects.filter(sealed_token=None).values_list("pk", flat=True)
        assert not [pk for pk in forgotten if self.nowhere.bank.kept(self.tokens[pk])]

    @invariant()
    def a_bank_that_wants_its_reader_is_left_in_peace(self):
        """Five days pass from such a no to the next question that nobody is there to answer."""
        blind = Attempt.objects.filter(return_url="").order_by("pk")
        last_no = {}
        for charge, day, reason in blind.values_list("charge_id", "created_at", "reason"):
            if charge in last_no:
                assert day.date() - last_no[charge].date() >= following.PATIENCE
            last_no.pop(charge, None)
            if reason == "authentication_required":
                last_no[charge] = day

    def in_the_end_every_cent_is_explained(self):
        super().in_the_end_every_cent_is_explained()
        assert Attempt.objects.filter(state="succeeded").count() == len(self.nowhere.money_taken())


@pytest.mark.usefixtures("outlet")
def test_the_law_of_the_pledge():
    hold(LawOfThePledge, examples=20)
