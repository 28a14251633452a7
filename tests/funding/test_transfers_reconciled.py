"""The books of transfers beside our bank's lines, however late a statement or a decision comes."""

from datetime import timedelta

import pytest

from tamizdat.funding import resolving
from tamizdat.payments import differing, reconciling
from tamizdat.payments.models import BankLine, Difference
from tests.conftest import NOON
from tests.funding.transfers import arrive, promised, sent
from tests.payments.camt_file import DAY, entry
from tests.payments.transfers import transfer  # noqa: F401

pytestmark = pytest.mark.usefixtures("outlet", "transfer")
A_DAY = timedelta(days=1)


def reconcile(transfer, *, days):  # noqa: F811
    """Every day until then, as the worker does."""
    for day in range(days + 1):
        reconciling.reconcile(transfer, now=NOON + day * A_DAY)


def all_agree():
    (row,) = differing.standings()
    return not Difference.objects.open().exists() and row.difference.minor == 0


@pytest.mark.parametrize("days", [0, 3, 9])
def test_a_statement_that_comes_late_is_no_difference(transfer, days):  # noqa: F811
    charge = promised()
    reconcile(transfer, days=days)
    arrive(sent(charge, day=DAY - A_DAY), now=NOON + days * A_DAY)

    reconcile(transfer, days=days + 3)

    assert all_agree()


@pytest.mark.parametrize("days", [0, 3, 9])
def test_nor_is_a_line_that_waited_before_somebody_knew_whose_it_is(transfer, days):  # noqa: F811
    charge = promised()
    arrive(entry(500, "it is me"), entry(700, "a grant"))
    reconcile(transfer, days=days)
    gift, grant = BankLine.objects.order_by("amount_minor")
    resolving.as_gift(gift, charge, by=None, now=NOON)
    resolving.as_no_gift(grant, by=None)

    reconcile(transfer, days=days + 3)

    assert all_agree()
