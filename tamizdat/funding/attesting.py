"""Where nobody tells us the payer's country before money moves, its reader has to rule some out.

The answer is not kept: that the gift went through is all that is left of it.
"""

from collections.abc import Iterable
from datetime import date

from tamizdat.funding import methods, policy
from tamizdat.funding.models import HaltOrder

NOT_ATTESTED = "not_attested"  # the reason of a refusal


def countries(ways: Iterable[str], interval: str, *, on: date) -> list[str]:
    """Those that whoever pays in one of these ways must not be in, nor pay from.

    None for a way whose provider tells the country: there the rules themselves have the word.
    """
    blind = [way for way in ways if not methods.learns_country(way)]
    if not blind:
        return []
    found = {one for way in blind for one in policy.never_from(interval, method=way, on=on)}
    halted = HaltOrder.objects.in_force().exclude(country="")
    return sorted(found | set(halted.values_list("country", flat=True)))
