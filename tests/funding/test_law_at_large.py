"""The law of the money with everybody at once, and the bank a process of its own over HTTP.

What DESIGN.md promises of the money, over random moments in each of which several readers and
workers act together, while the bank's webhooks arrive late, twice, in the wrong order or never.
A failing run cannot be replayed to the letter, for the threads choose their own order.

LAW_STEPS says how many random acts there are (`make law`: 50,000 on each database).
"""

import os
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tamizdat.funding.models import Due, Pledge
from tamizdat.ledger import books
from tamizdat.payments import noticing, refunding, settling
from tamizdat.payments.models import Attempt, Charge, Refund
from tests.demo_bank.elsewhere import SECRET, Elsewhere
from tests.funding.at_large import FORBIDDEN, Large, Suppressed
from tests.payments.banks import only
from tests.racing import race
from tests.towns import Town

DAY = timedelta(days=1)
STEPS = int(os.environ.get("LAW_STEPS", "400"))
ACTS = [
    "give",
    "give",
    "press_twice",
    "press_twice",
    "come_back",
    "pay_with_another_card",
    "work",
    "work",
    "work",
    "work_on_an_old_list",
    "stop",
    "forget",
    "pause",
    "change_the_amount",
    "change_the_amount",
    "give_back",
    "give_back",
    "a_refund_fails",
    "halt",
    "rule_says_never",
    "turn_the_dial",
    "turn_the_dial",
    "trouble_on_the_line",
    "trouble_on_the_line",
    "what_was_late_arrives",
    "become_certain",
]
ALONE = [*[None] * 4, *["time_passes"] * 3, "resume", "lift_all", "keys_are_forgotten", "slow_post"]
which = st.integers(0, 11)
moments = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 11)), min_size=2, max_size=5)


class LawAtLarge(RuleBasedStateMachine):
    bank: Elsewhere
    site: str
    steps = Counter()  # acts by name, over all episodes

    def __init__(self):
        super().__init__()
        self.large = Large(self.bank, self.site)
        self.told, self.halted, self.seen = [], set(), set()
        self.shown, self.open_before = {}, set()
        self.strict, self.paused = set(), {}

    @rule(first=st.sampled_from(ALONE), n=which, moment=moments)
    def at_one_moment(self, first, n, moment):
        """Now and then something happens alone; then several at once."""
        self.told.append((first, n, moment))
        if first:
            self.act(first, n)()
        self.large.stale = list(self.large.pledges())
        race([self.act(name, each) for name, each in moment])

    def act(self, name, n):
        def run():
            self.steps[name] += 1
            with Suppressed():
                getattr(self.large, name)(n)

        return run

    @invariant()
    def the_law_holds(self):
        # Ours first, then the bank's: it may only know more.
        succeeded = self.large.attempts().filter(state="succeeded")
        ours = set(succeeded.values_list("remote_id", flat=True))
        taken = self.large.payments()
        self.nothing_is_paid_twice(taken)
        assert ours <= {p["id"] for p in taken if p["state"] == "succeeded"}, self.told
        assert books.do_balance(), self.told
        self.nothing_is_taken_where_it_had_to_end(taken)
        self.nothing_is_taken_in_a_pause(taken)
        self.what_is_taken_was_shown(taken)
        self.what_is_halted_stays_so()

    def nothing_is_paid_twice(self, taken):
        periods = {
            due.charge.reference: (due.pledge_id, due.period_on)
            for due in Due.objects.select_related("charge").filter(
                pledge__pk__gt=self.large.first_pledge
            )
        }
        charges = [p["key"].rpartition("-")[0] for p in taken]
        twice = Counter(periods.get(reference, reference) for reference in charges)
        assert not twice or max(twice.values()) == 1, (twice, self.told)

    def nothing_is_taken_where_it_had_to_end(self, taken):
        pledges = dict(Due.objects.values_list("charge__reference", "pledge_id"))
        for what, sets in self.large.allowed.items():
            of = {p["key"] for p in taken if self.concerns(what, p, pledges)}
            assert of <= set.intersection(*sets), (what, of, self.told)
        # Now that nobody is at it, what was not asked for yet never will be.
        for what in self.large.allowed.keys() - self.strict:
            self.large.allow(what, self.large.asked_for() | {p["key"] for p in taken})
        self.strict = set(self.large.allowed)

    def nothing_is_taken_in_a_pause(self, taken):
        """One that ended and was followed by another is another."""
        keys = {p["key"] for p in taken}
        paused = self.large.pledges().filter(state="paused").values_list("pk", "next_due_on")
        now = {each: self.paused.get(each, self.large.asked_for() | keys) for each in paused}
        pledges = dict(Due.objects.values_list("charge__reference", "pledge_id"))
        for (pk, _), allowed in now.items():
            of = {key for key in keys if pledges.get(key.rpartition("-")[0]) == pk}
            assert of <= allowed, (pk, of, self.told)
        self.paused = now

    @staticmethod
    def concerns(what, payment, pledges):
        if isinstance(what, int):
            return pledges.get(payment["key"].rpartition("-")[0]) == what
        is_there = payment["country"] == FORBIDDEN
        return is_there if what in ("rule", f"halt {FORBIDDEN}") else True

    def what_is_taken_was_shown(self, taken):
        """Then, now, or by somebody who changed it in between; or it was asked for before."""
        now = dict(self.large.pledges().values_list("pk", "amount_minor"))
        pledges = dict(Due.objects.values_list("charge__reference", "pledge_id"))
        for payment in taken:
            pk = pledges.get(payment["key"].rpartition("-")[0])
            if pk in now and payment["key"] not in self.seen | self.open_before:
                shown = self.large.amounts[pk] | {now[pk], self.shown.get(pk)}
                assert payment["amount"] in shown, (payment, shown, self.told)
            self.seen.add(payment["key"])
        self.large.amounts.clear()
        self.shown, self.open_before = now, self.large.still_open()

    def what_is_halted_stays_so(self):
        now_halted = set(Pledge.objects.filter(state="halted").values_list("pk", flat=True))
        assert self.halted <= now_halted, self.told
        self.halted = now_halted

    def teardown(self):
        """Once the faults are over and all was heard, every cent is explained."""
        self.bank.calm()
        self.bank.line.arrive()
        self.bank.settle(well=True)
        self.bank.wait_until_all_is_told()
        for days in (1, 2, 3):
            noticing.look_at_noted(now=self.large.now + days * DAY)
            settling.resolve_open(now=self.large.now + days * DAY)
            refunding.resolve_open(now=self.large.now + days * DAY)
        self.the_law_holds()
        self.the_books_are_the_bank_s_own_list()
        self.large.end()

    def the_books_are_the_bank_s_own_list(self):
        assert not self.large.attempts().open().exists(), self.told
        assert not Refund.objects.filter(state="sent").exists(), self.told
        paid = self.large.attempts().filter(state="succeeded").select_related("charge")
        ours = {(a.remote_id, a.charge.amount_minor, a.charge.refunded_minor) for a in paid}
        theirs = {(p["id"], p["amount"], p["refunded"]) for p in self.large.payments()}
        assert ours == theirs, self.told
        assert books.balance("cash-demo-bank", "USD").minor == self.bank.owed("USD"), self.told


@pytest.fixture
def at_large(migrated, outlet, live_server, tmp_path):
    """The bank in a process of its own, telling a web server of ours."""
    from tamizdat.config import newsroom

    newsroom.write_folder(tmp_path / "paper", languages=["en"])
    town = Town(tmp_path / "paper", webs=0, works=0)
    town.more = {"TAMIZDAT_SITE_ADDRESS": live_server.url, "TAMIZDAT_DEMO_BANK_SECRET": SECRET}
    town.open_bank()
    bank = Elsewhere(town)
    with only(bank):
        LawAtLarge.bank, LawAtLarge.site = bank, live_server.url
        yield bank
    bank.close()
    town.close()


def test_the_law_of_the_money_with_everybody_at_once(at_large):
    LawAtLarge.steps.clear()
    while LawAtLarge.steps.total() < STEPS:
        run_state_machine_as_test(
            LawAtLarge,
            settings=settings(
                max_examples=4,
                stateful_step_count=40,
                phases=[Phase.generate],
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    print(f"\n{LawAtLarge.steps.total():,} acts: {dict(LawAtLarge.steps)}")
    assert Charge.objects.exists()
    assert Attempt.objects.filter(state="succeeded").exists()
