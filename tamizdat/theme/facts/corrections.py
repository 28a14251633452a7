"""What was corrected, for the page that says it all."""

from tamizdat.editions.tracing import fact, watch
from tamizdat.stories.models import Correction
from tamizdat.theme.facts.places import place
from tamizdat.theme.facts.stories import Fix

Said = tuple[int, Fix]  # of which story, and what


@fact
def years_corrected(language: str) -> tuple[int, ...]:
    """The years in which something was corrected that readers of a language can see, newest first.

    Only what is asked of `corrected_in` tells a year from an empty one.
    """
    watch("corrections")
    days = Correction.objects.dates("corrected_on", "year", order="DESC")
    return tuple(day.year for day in days if corrected_in(language, day.year))


@fact
def corrected_in(language: str, year: int) -> tuple[Said, ...]:
    """The corrections of a year, newest first."""
    watch(f"corrections:{year}")
    rows = Correction.objects.filter(corrected_on__year=year).order_by("-corrected_on", "-pk")
    found = rows.values_list("of_id", "corrected_on", "text")
    return tuple((of, Fix(*fix)) for of, *fix in found if _is_in(language, of))


def _is_in(language: str, pk: int) -> bool:
    found = place(pk)
    return found is not None and found.language == language
