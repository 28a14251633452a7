"""Whatever readers send and banks tell, in whatever pieces: each cent is in the books once."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.models import Locale

from tamizdat.funding import founding, resolving, taking_statements
from tamizdat.ledger import books
from tamizdat.outlet.models import Masthead
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import BankLine
from tests.conftest import NOON
from tests.funding.transfers import promised, sent
from tests.payments.banks import only
from tests.payments.camt_file import DAY, document, statement
from tests.payments.transfers import AtTheBank

transfers = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([500, 500, 500, 700]), st.integers(0, 70)),
    min_size=1,
    max_size=8,
)
pieces = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=5)
decisions = st.lists(st.sampled_from(["gift", "nobody", "sent_back", "no_gift"]), max_size=6)


class LawTest(TestCase):
    @given(transfers, pieces, decisions)
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    def test_what_came_is_in_the_books_once_or_waits_or_was_put_aside(self, sends, cuts, decided):
        locale, _ = Locale.objects.get_or_create(language_code="en")
        Masthead.objects.get_or_create(locale=locale, name="The Lantern")
        founding.found()
        with only(AtTheBank()):
            kinds = ["once", "month", "once", "month"]
            gifts = [promised(kind, address=f"{n}@example.org") for n, kind in enumerate(kinds)]
            entries = [
                sent(gifts[n], minor, day=DAY + timedelta(days=days), number=f"N{place}")
                for place, (n, minor, days) in enumerate(sends)
            ]
            for start, end in [*cuts, (0, 8)]:
                self.take(entries[start:end])
            self.decide(decided)
        self.every_cent_is_explained(sum(minor for _, minor, _ in sends))

    def take(self, entries):
        content = document(statement(*entries, number=str(len(entries))))
        taking_statements.take(content, now=NOON + timedelta(days=90))

    def decide(self, decided):
        for line, what in zip(list(BankLine.objects.waiting()), decided, strict=False):
            charge = resolving.gift_meant_by(line.reference)
            by = None
            match what:
                case "gift":
                    resolving.as_gift(line, charge, by=by, now=NOON)
                case "nobody":
                    resolving.as_gift_of_nobody(line, by=by, now=NOON)
                case "sent_back":
                    resolving.as_sent_back(line, by=by)
                case "no_gift":
                    resolving.as_no_gift(line, by=by)
            with pytest.raises(WrongState):  # decided twice, it is decided once
                resolving.as_sent_back(line, by=by)

    def every_cent_is_explained(self, came):
        sums = dict.fromkeys(BankLine.State.values, 0)
        for line in BankLine.objects.all():
            sums[line.state] += line.amount_minor
        assert sum(sums.values()) == came
        assert sums["new"] == 0
        assert books.balance("cash-transfer", "EUR").minor == sums["booked"]
        assert books.do_balance()
