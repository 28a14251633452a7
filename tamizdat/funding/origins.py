"""Which message led to a gift, and in which arm of an experiment its reader was.

A link tells it along. What nobody here knows is dropped: else anyone who makes links, a newsletter
for one, could mark each reader with a word of their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tamizdat.funding.signals import origin_told

_MESSAGE = re.compile(r"[a-z0-9]{1,12}")
_ARM = re.compile(r"[a-zA-Z0-9_-]{1,30}\.[a-zA-Z0-9_-]{1,10}")


@dataclass(frozen=True)
class Origin:
    appeal: str = ""  # the key of a message
    arm: str = ""  # `test.arm`

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> Self:
        """From the fields of a link or a form, which may be anything."""
        appeal, arm = fields.get("appeal", ""), fields.get("arm", "")
        told = cls(appeal * bool(_MESSAGE.fullmatch(appeal)), arm * bool(_ARM.fullmatch(arm)))
        return told._known() if told.fields() else told

    def fields(self) -> dict[str, str]:
        """As a link tells it along."""
        both = {"appeal": self.appeal, "arm": self.arm}
        return {name: value for name, value in both.items() if value}

    def _known(self) -> Self:
        answers = origin_told.send(sender=type(self), appeal=self.appeal, arm=self.arm)
        known = {name for _receiver, names in answers for name in names or ()}
        return type(self)(**{name: each for name, each in self.fields().items() if name in known})


NO_ORIGIN = Origin()
