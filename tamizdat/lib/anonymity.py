"""Numbers behind which stand too few people to be told.

Five are the fewest: a figure that stands for one to four could point to a person, so its number is
told as "fewer than five" and its sum not at all, and small rows are added up until they are five.
"""

from collections.abc import Callable, Collection, Iterable

FEWEST = 5


def is_few(count: int) -> bool:
    """Whether so many could point to a person. None at all points to nobody."""
    return 0 < count < FEWEST


def are_given_away(counts: Iterable[int]) -> bool:
    """Whether the sum of all, told beside those that are not few, would tell how many the few are.

    Of several it tells too much as well where each of them must be one, or the most that is few.
    """
    few = [count for count in counts if is_few(count)]
    ends = (len(few), (FEWEST - 1) * len(few))
    return bool(few) and (is_few(sum(few)) or sum(few) in ends)


def apart(
    names: Iterable[str], behind: Callable[[Collection[str]], int]
) -> tuple[list[str], list[str]]:
    """Names that may stand alone, and those that may only be told together; each in its order.

    `behind` tells how many stand behind some names together: fewer than behind each of them, added
    up, where someone stands behind several. What is told together is never few either, as far as
    there are enough in all: else it could be had by taking the others away from the whole.
    """
    sizes = {name: behind([name]) for name in names}
    alone = [name for name, size in sizes.items() if not is_few(size)]
    together = [name for name, size in sizes.items() if is_few(size)]
    while is_few(behind(together)) and any(sizes[name] for name in alone):
        smallest = min((name for name in alone if sizes[name]), key=lambda name: sizes[name])
        alone.remove(smallest)
        together.append(smallest)
    return alone, together
