"""The amounts a new newsroom begins with: set by what a coffee or a loaf costs there."""

from tamizdat.funding.models import AmountLadder
from tamizdat.lib.money import Money

# least, most, what is proposed, and the presets; in units of the currency.
_LADDERS = {
    ("USD", "month"): (2, 800, 5, (2, 5, 10, 20)),
    ("USD", "year"): (10, 10_000, 60, (24, 60, 120, 240)),
    ("USD", "once"): (2, 10_000, 25, (10, 25, 50, 100)),
    ("EUR", "month"): (2, 800, 5, (2, 5, 10, 20)),
    ("EUR", "year"): (10, 10_000, 60, (24, 60, 120, 240)),
    ("EUR", "once"): (2, 10_000, 25, (10, 25, 50, 100)),
    ("GBP", "month"): (2, 700, 5, (2, 5, 10, 20)),
    ("GBP", "year"): (10, 9_000, 50, (24, 50, 100, 200)),
    ("GBP", "once"): (2, 9_000, 20, (10, 20, 50, 100)),
    ("PLN", "month"): (5, 3_000, 15, (8, 15, 30, 60)),
    ("PLN", "year"): (40, 40_000, 150, (90, 150, 300, 600)),
    ("PLN", "once"): (5, 40_000, 50, (20, 50, 100, 200)),
    ("CZK", "month"): (40, 18_000, 100, (50, 100, 200, 400)),
    ("CZK", "year"): (200, 200_000, 1_000, (500, 1_000, 2_000, 4_000)),
    ("CZK", "once"): (40, 200_000, 300, (100, 300, 500, 1_000)),
    ("GEL", "month"): (4, 2_000, 10, (5, 10, 20, 40)),
    ("GEL", "year"): (20, 25_000, 100, (50, 100, 200, 400)),
    ("GEL", "once"): (4, 25_000, 30, (10, 30, 50, 100)),
    ("UAH", "month"): (50, 30_000, 150, (80, 150, 300, 600)),
    ("UAH", "year"): (300, 400_000, 1_500, (800, 1_500, 3_000, 6_000)),
    ("UAH", "once"): (50, 400_000, 500, (200, 500, 1_000, 2_000)),
}


def found() -> None:
    """Write the amounts of each currency that has none. Repeating it is harmless."""
    for (currency, interval), (least, most, proposed, presets) in _LADDERS.items():
        AmountLadder.objects.get_or_create(
            currency=currency,
            interval=interval,
            defaults={
                "least_minor": _minor(least, currency),
                "most_minor": _minor(most, currency),
                "proposed_minor": _minor(proposed, currency),
                "presets_minor": [_minor(preset, currency) for preset in presets],
            },
        )


def _minor(units: int, currency: str) -> int:
    return Money.parse(str(units), currency).minor
