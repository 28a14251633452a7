"""How things stand now, from the pledges themselves."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Sum

from tamizdat.figures.reading import Cell
from tamizdat.funding.models import Pledge
from tamizdat.lib.money import Money

GIVING = (
    Pledge.State.ACTIVE,
    Pledge.State.STANDING,
    Pledge.State.PAST_DUE,
    Pledge.State.UNCONFIRMED,
)


@dataclass(frozen=True)
class Present:
    giving: int
    paused: int
    owing: int
    values: list[Cell]  # of those who give, in a month; the most in number first


def now() -> Present:
    states, twelfths, counts = Counter[str](), Counter[str](), Counter[str]()
    rows = Pledge.objects.filter(state__in=[*GIVING, Pledge.State.PAUSED]).order_by()
    columns = ("state", "interval", "currency")
    for row in rows.values(*columns).annotate(count=Count("pk"), minor=Sum("amount_minor")):
        states[row["state"]] += row["count"]
        if row["state"] in GIVING:
            counts[row["currency"]] += row["count"]
            twelfths[row["currency"]] += int(row["minor"]) * 12 // Pledge.EVERY[row["interval"]]
    return Present(
        giving=sum(states[state] for state in GIVING),
        paused=states[Pledge.State.PAUSED],
        owing=sum(states[state] for state in Pledge.OWING),
        values=[
            Cell(count, Money(twelfths[code] // 12, code)) for code, count in counts.most_common()
        ],
    )
