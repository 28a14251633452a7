"""Whatever is paid out and whatever banks tell of it: no cent arrives twice, and none is lost."""

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.ledger import books
from tamizdat.payments import arriving, awaiting
from tamizdat.payments.models import BankLine, KeptLine
from tests.conftest import NOON
from tests.payments.banks import BANKS, only
from tests.payments.camt_file import entry
from tests.payments.payouts import SENT, paid_out, take

DAY = timedelta(days=1)
sums = st.sampled_from([10_000, 10_000, 7_000])
payouts = st.tuples(st.just("payout"), sums, st.integers(0, 25))
lines = st.tuples(st.sampled_from(["Demo Bank", "a reader"]), sums, st.integers(0, 30))
presses = st.tuples(st.just("press"), st.integers(0, 3), st.integers(0, 3))


class LawTest(TestCase):
    @given(st.lists(st.one_of(payouts, lines, presses), min_size=1, max_size=12))
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    def test_what_was_paid_out_has_arrived_or_is_on_its_way(self, acts):
        with only(BANKS["demo-bank"]()):
            for number, (what, *words) in enumerate(acts):
                self.act(what, *words, number=number)
                awaiting.keep_up(now=NOON)
            self.nothing_is_guessed()
        self.every_cent_is_one_or_the_other()

    def act(self, what, minor, days, *, number):
        if what == "payout":
            at = SENT + days * DAY
            paid_out(minor, name=f"out_{number}", provider="demo-bank", at=at)
        elif what == "press":
            self.press(minor, days)
        else:
            day = SENT.date() + days * DAY
            take(entry(minor, f"{what} {number}", day=day), last=day, number=f"S{number}")

    def press(self, line, payout):
        waiting = BankLine.objects.undecided().order_by("pk")[line : line + 1]
        for each in waiting:
            for fitting in arriving.fitting(each)[payout : payout + 1]:
                arriving.link(each, fitting, now=NOON)

    def nothing_is_guessed(self):
        """What is left names nobody, or fits nothing, or more than one."""
        for line in BankLine.objects.undecided().exclude(provider=""):
            assert arriving.recognise(now=NOON) == 0
            near = arriving.fitting(line).filter(
                at__range=(line.at - arriving.AFTER, line.at + arriving.BEFORE)
            )
            alike = BankLine.objects.undecided().filter(amount_minor=line.amount_minor)
            assert near.count() != 1 or alike.count() > 1

    def every_cent_is_one_or_the_other(self):
        linked = BankLine.objects.exclude(payout=None).select_related("payout")
        assert all(line.money == line.payout.at_bank for line in linked)
        assert max(Counter(line.payout_id for line in linked).values(), default=1) == 1
        sent = sum(payout.at_bank.minor for payout in KeptLine.objects.payouts())
        told = sum(row.sent.minor for row in awaiting.standings())
        assert sent == told == books.balance("bank", "EUR").minor
        assert books.do_balance()
