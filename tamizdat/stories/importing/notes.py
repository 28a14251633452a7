"""What could not be carried over as it was, noted while one item is brought in."""

from collections import Counter, defaultdict
from collections.abc import Mapping


class Notes:
    """Counts of things by kind: {"shortcodes": {"contact-form-7": 1}}."""

    def __init__(self, known: Mapping[str, Mapping[str, int]] | None = None) -> None:
        self.found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for kind, counts in (known or {}).items():
            self.found[kind].update(counts)

    def add(self, kind: str, what: str, count: int = 1) -> None:
        self.found[kind][what[:300]] += count

    def as_dict(self) -> dict[str, dict[str, int]]:
        return {kind: dict(sorted(counts.items())) for kind, counts in sorted(self.found.items())}
