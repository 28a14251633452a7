"""Whether statements add up, and whether one is missing between them."""

from collections import defaultdict
from dataclasses import dataclass

from tamizdat.lib.money import Money
from tamizdat.payments.models import BankStatement


@dataclass(frozen=True)
class Checked:
    statement: BankStatement
    missing: Money | None  # of its entries, to lead from one balance to the other
    is_gap_before: bool  # no statement closes with the balance with which this one opens

    @property
    def is_good(self) -> bool:
        return not (self.missing and self.missing.minor) and not self.is_gap_before


def all_of_them() -> list[Checked]:
    """Every statement, the newest first."""
    by_account: dict[tuple[str, str], list[BankStatement]] = defaultdict(list)
    for statement in BankStatement.objects.order_by("until_on", "from_on", "pk"):
        by_account[statement.account, statement.currency].append(statement)
    checked = [
        Checked(statement, statement.missing, _is_gap_before(statement, group))
        for group in by_account.values()
        for statement in group
    ]
    return sorted(checked, key=lambda one: (one.statement.until_on, one.statement.pk), reverse=True)


def _is_gap_before(statement: BankStatement, group: list[BankStatement]) -> bool:
    """The first has nothing before it; what a longer one covers needs nothing either."""
    told = [one for one in group if one.opening is not None]
    if statement.opening is None or statement == told[0]:
        return False
    others = [one for one in group if one != statement]
    if any(_covers(one, statement) for one in others):
        return False
    earlier = [one for one in others if one.from_on <= statement.from_on]
    return not any(one.closing_minor == statement.opening_minor for one in earlier)


def _covers(long: BankStatement, short: BankStatement) -> bool:
    spans = (long.from_on <= short.from_on, short.until_on <= long.until_on)
    return all(spans) and (long.until_on - long.from_on) > (short.until_on - short.from_on)
