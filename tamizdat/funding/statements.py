"""What one supporter gave in a year and what went back of it, whoever moved the money.

Days and years are in UTC, as in the books.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from tamizdat.funding import giving_back, receipts, wording
from tamizdat.funding.models import Supporter
from tamizdat.lib.dates import span_in_words
from tamizdat.lib.money import Money
from tamizdat.lib.sheets import Sheet
from tamizdat.payments.models import Charge, Refund


@dataclass(frozen=True)
class Row:
    """A gift, or what was given back of one."""

    on: date
    money: Money  # positive in either case
    reference: str  # the receipt number of the gift
    is_given_back: bool


@dataclass(frozen=True)
class Total:
    given: Money
    given_back: Money

    @property
    def remains(self) -> Money:
        return self.given - self.given_back


@dataclass(frozen=True)
class Statement:
    year: int
    rows: list[Row]  # oldest first

    @property
    def totals(self) -> list[Total]:
        """One a currency, in order."""
        sums: Counter[tuple[str, bool]] = Counter()
        for row in self.rows:
            sums[row.money.currency, row.is_given_back] += row.money.minor
        return [
            Total(Money(sums[code, False], code), Money(sums[code, True], code))
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
            [wording.day(row.on, language), what(row), row.reference, amount(row, language)]
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
    return _("Given back") if row.is_given_back else _("Gift")


def amount(row: Row, language: str) -> str:
    return (-row.money if row.is_given_back else row.money).in_full(language)


def summed(total: Total, language: str) -> list[tuple[str, str]]:
    """The lines of a currency: one, if nothing was given back."""
    given = (_("Given in all"), total.given.in_full(language))
    if not total.given_back.minor:
        return [given]
    return [
        given,
        (_("Given back in all"), total.given_back.in_full(language)),
        (_("What remains given"), total.remains.in_full(language)),
    ]


def _all_rows(supporter: Supporter) -> list[Row]:
    theirs = giving_back.of_supporters(Supporter.objects.filter(pk=supporter.pk))
    gifts = {gift.pk: gift for gift in theirs.filter(state=Charge.State.SUCCEEDED)}
    given_back = Refund.objects.filter(charge__in=list(gifts), state=Refund.State.SUCCEEDED)
    rows = [
        Row(_day(gift.succeeded_at), gift.money, gift.reference, is_given_back=False)
        for gift in gifts.values()
        if gift.succeeded_at
    ]
    for refund in given_back.select_related("charge"):
        gift = gifts[refund.charge_id]
        rows.append(Row(_day(refund.created_at), refund.money, gift.reference, is_given_back=True))
    return sorted(rows, key=lambda row: (row.on, row.is_given_back, row.reference))


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
