"""What an import did: for each item what was kept, changed and not understood."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from tamizdat.stories.importing.notes import Notes
from tamizdat.stories.importing.spool import Spool

_MAIL_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_IP_ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")


class Outcome(StrEnum):
    """What became of an item. What the desk has edited or deleted since is left as it is."""

    NEW = "brought in"
    CHANGED = "changed"
    SAME = "as before"
    EDITED = "edited here"
    DELETED = "deleted here"
    LEFT_OUT = "not imported"


@dataclass(slots=True)
class Item:
    source: str  # "post 123"
    title: str
    outcome: Outcome
    why: str = ""
    address: str = ""
    kept: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    not_understood: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    site: str
    is_rehearsal: bool = False  # nothing was written
    items: Spool[Item] = field(default_factory=Spool)
    counts: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: Notes = field(default_factory=Notes)  # of the whole file
    controls_dropped: int = 0
    repairs: list[str] = field(default_factory=list)

    _outcomes: defaultdict[str, Counter[Outcome]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    _noted: Counter[str] = field(default_factory=Counter)

    def add(self, item: Item) -> None:
        self.items.append(item)
        self._outcomes[item.source.split(" ")[0]][item.outcome] += 1
        for kind, found in item.not_understood.items():
            self._noted[kind] += sum(found.values())

    def outcomes(self, kind: str) -> Counter[Outcome]:
        return self._outcomes[kind]

    def totals(self) -> Counter[Outcome]:
        return sum(self._outcomes.values(), Counter())

    @property
    def changed_anything(self) -> bool:
        return bool(self.counts["rows written"])

    def all_notes(self) -> Counter[str]:
        """How many things of each kind were not understood, in the whole site."""
        whole = {kind: sum(found.values()) for kind, found in self.notes.found.items()}
        return self._noted + Counter(whole)

    def write(self, path: Path) -> None:
        """Write all of it as JSON; no e-mail address and no IP address is in it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        head: dict[str, Any] = {
            "site": self.site,
            "rehearsal": self.is_rehearsal,
            "counts": dict(self.counts),
            "not_imported": dict(self.left_out),
            "control_characters_dropped": self.controls_dropped,
            "repairs": self.repairs,
            "notes": self.notes.as_dict(),
        }
        with path.open("w", encoding="utf-8") as file:
            file.write(_json(head, indent=1).removesuffix("\n}") + ',\n "items": [')
            for place, item in enumerate(self.items):
                file.write((",\n  " if place else "\n  ") + _json(asdict(item)))
            file.write("\n ]\n}\n")


def _json(value: object, indent: int | None = None) -> str:
    return discreet(json.dumps(value, ensure_ascii=False, indent=indent))


def discreet(text: str) -> str:
    """The text without anybody's address."""
    return _IP_ADDRESS.sub("(address)", _MAIL_ADDRESS.sub("(address)", text))
