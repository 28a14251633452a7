"""What of a gift is lost to payment fees, said before it is given."""

from dataclasses import dataclass, replace
from decimal import Decimal

from babel.core import Locale
from babel.numbers import format_percent
from django.utils.translation import gettext as _

from tamizdat.funding import amounts
from tamizdat.funding.models import AmountLadder
from tamizdat.lib.money import Money
from tamizdat.lib.numerals import in_numerals
from tamizdat.payments.providers.rates import Rate

MONTHS = 12
MUCH = Decimal("0.08")  # of a gift: from here on, a year at once is worth proposing


@dataclass(frozen=True)
class Loss:
    """Of one amount on the form, in the reader's words."""

    sentence: str
    covered: str  # what is paid, so that the whole arrives
    year: Money | None = None  # given at once, far more of it would arrive
    year_sentence: str = ""
    year_words: str = ""


def losses(rate: Rate, ladder: AmountLadder, *, language: str) -> list[Loss]:
    """Of each preset of `ladder`."""
    yearly = amounts.exact_ladder({"currency": ladder.currency, "interval": "year"})
    is_monthly = ladder.interval == AmountLadder.Interval.MONTH
    return [
        loss(money, rate, yearly=yearly if is_monthly else None, language=language)
        for money in ladder.presets
    ]


def loss(money: Money, rate: Rate, *, yearly: AmountLadder | None, language: str) -> Loss:
    """Of `money`; where it could be given by the `yearly` ladder at once, of that too."""
    covered = rate.so_that_arrives(money)
    said = Loss(
        _("Fees take about %(fee)s of it, %(share)s.") % _words(money, rate, language),
        _("With the fees added you pay %(whole)s.") % {"whole": covered.format(language)},
    )
    year = Money(money.minor * MONTHS, money.currency)
    if not yearly or not _is_worth_proposing(money, year, rate, yearly):
        return said
    words = _words(year, rate, language)
    return replace(
        said,
        year=year,
        year_sentence=_("Of %(money)s once a year they take %(share)s.") % words,
        year_words=_("Give %(money)s a year instead.") % words,
    )


def year_at_once(money: Money, rate: Rate) -> Money | None:
    """A year of `money`, where fees eat so much of it each month and a year can be given."""
    yearly = amounts.exact_ladder({"currency": money.currency, "interval": "year"})
    year = Money(money.minor * MONTHS, money.currency)
    return year if yearly and _is_worth_proposing(money, year, rate, yearly) else None


def usual(rate: Rate, *, language: str) -> str:
    """Of any payment."""
    share = Decimal(rate.basis_points).scaleb(-4)
    return _("Fees usually take %(share)s and %(fixed)s of each payment.") % {
        "share": _percent(share, language, pattern="#,##0.##%"),
        "fixed": rate.fixed.format(language),
    }


def _is_worth_proposing(money: Money, year: Money, rate: Rate, yearly: AmountLadder) -> bool:
    is_offered = yearly.least_minor <= year.minor <= yearly.most_minor
    return is_offered and _share(money, rate) >= MUCH


def _share(money: Money, rate: Rate) -> Decimal:
    return Decimal(rate.on(money).minor) / money.minor


def _words(money: Money, rate: Rate, language: str) -> dict[str, str]:
    return {
        "money": money.format(language),
        "fee": rate.on(money).format(language),
        "share": _percent(_share(money, rate), language),
    }


def _percent(share: Decimal, language: str, *, pattern: str | None = None) -> str:
    locale = Locale.parse(language, sep="-")
    return in_numerals(format_percent(share, format=pattern, locale=locale), language)
