"""What one supporter gave in a year and what went back of it, whoever moved the money.

What a giver's bank took back is gone once the dispute is lost, on the day on which it was.

Days and years are in UTC, as in the books.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum

from django.utils.translation import gettext as _

from tamizdat.funding import giving_back, receipts, wording
from tamizdat.funding.models import Supporter
from tamizdat.lib.dates import span_in_words
from tamizdat.lib.money import Money
from tamizdat.lib.sheets import Sheet
from tamizdat.payments.models import Charge, Dispute, Refund


class Kind(Enum):
    GIFT = "gift"
    GIVEN_BACK = "given back"
    TAKEN_BACK = "taken back"  # by its giver's bank


@dataclass(frozen=True)
class Row:
    """A gift, or what went back of one."""

    on: date
    money: Money  # positive in any case
    receipt_number: str  # of the gift
    kind: Kind


@dataclass(frozen=True)
class Total:
    given: Money
    given_back: Money
    taken_back: Money

    @property
    def remains(self) -> Money:
        return self.given - self.given_back - self.taken_back


@dataclass(frozen=True)
class Statement:
    year: int
    rows: list[Row]  # oldest first

    @property
    def totals(self) -> list[Total]:
        """One a currency, in order."""
        sums: Counter[tuple[str, Kind]] = Counter()
        for row in self.rows:
            sums[row.money.currency, row.kind] += row.money.minor
        return [
            Total(*(Money(sums[code, kind], code) for kind in Kind))
            for code in sorted({code for code, _ in sums})
        ]


def of(supporter: Supporter, *, year: int) -> Statement:
    """Empty for a year in which nothing was given or given back."""
    rows = [row for row in _all_rows(supporter) if row.on.year == year]
    return Statement(year, rows)


def years(supporter: Supporter) -> list[int]:
    """Those of which there is something to state, newest first."""
    return sorted({row.on.year for row in _all_rows(supporter)}, reverse=True)


def as_sheet(statement: Statement, *, language: str, is_neutral: bool) -> Sheet:
    """Speaks the active language, which is `language`."""
    return Sheet(
        title=title(statement.year, language),
        head=receipts.issuer(language, is_neutral=is_neutral),
        language=language,
        is_rtl=receipts.is_rtl(language),
        columns=[_("Day"), _("What"), _("Receipt number"), _("Amount")],
        rows=[
            [wording.day(row.on, language), what(row), row.receipt_number, amount(row, language)]
            for row in statement.rows
        ],
        sums=[line for total in statement.totals for line in summed(total, language)],
        notes=[
            _("No name stands here, because we know none."),
            _("Days are counted in UTC, as in our books."),
        ],
    )


def title(year: int, language: str) -> str:
    return _("What you gave in %(year)s") % {"year": span_in_words(year, 0, language)}


def what(row: Row) -> str:
    names = {
        Kind.GIFT: _("Gift"),
        Kind.GIVEN_BACK: _("Given back"),
        Kind.TAKEN_BACK: _("Taken back by your bank"),
    }
    return names[row.kind]


def amount(row: Row, language: str) -> str:
    return (row.money if row.kind is Kind.GIFT else -row.money).in_full(language)


def summed(total: Total, language: str) -> list[tuple[str, str]]:
    """The lines of a currency: one, if nothing went back."""
    given = (_("Given in all"), total.given)
    lines = [
        (_("Given back in all"), total.given_back),
        (_("Taken back by your bank in all"), total.taken_back),
    ]
    gone = [(label, money) for label, money in lines if money.minor]
    remains = [(_("What remains given"), total.remains)] if gone else []
    return [(label, money.in_full(language)) for label, money in [given, *gone, *remains]]


def _all_rows(supporter: Supporter) -> list[Row]:
    theirs = giving_back.of_supporters(Supporter.objects.filter(pk=supporter.pk))
    gifts = {gift.pk: gift for gift in theirs.filter(state=Charge.State.SUCCEEDED)}
    rows = [
        Row(_day(gift.succeeded_at), gift.money, gift.receipt_number, Kind.GIFT)
        for gift in gifts.values()
        if gift.succeeded_at
    ]
    rows += _given_back(list(gifts))
    rows += _taken_back([gift.pk for gift in gifts.values() if gift.disputed_minor])
    return sorted(rows, key=lambda row: (row.on, row.kind is not Kind.GIFT, row.receipt_number))


def _given_back(gifts: list[int]) -> list[Row]:
    done = Refund.objects.filter(charge__in=gifts, state=Refund.State.SUCCEEDED)
    return [
        Row(_day(each.created_at), each.money, each.charge.receipt_number, Kind.GIVEN_BACK)
        for each in done.select_related("charge")
    ]


def _taken_back(gifts: list[int]) -> list[Row]:
    lost = Dispute.objects.filter(charge__in=gifts, state=Dispute.State.LOST)
    return [
        Row(_lost_on(each), each.money, each.charge.receipt_number, Kind.TAKEN_BACK)
        for each in lost.select_related("charge")
    ]


def _lost_on(dispute: Dispute) -> date:
    return _day(dispute.closed_at or dispute.opened_at)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
