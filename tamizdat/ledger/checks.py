from collections.abc import Sequence

from django.core.checks import CheckMessage, Warning
from django.db import connections

from tamizdat.ledger import triggers


def the_guards_are_in_place(
    databases: Sequence[str] | None = None, **_: object
) -> list[CheckMessage]:
    # A warning, not an error, or it would forbid the very `migrate` that puts them back.
    return [
        Warning(
            f"The books can be altered: {', '.join(sorted(missing))} is missing.",
            hint="`tamizdat migrate` puts it back; find out who removed it.",
            id="ledger.W001",
        )
        for alias in databases or ()
        if (missing := triggers.missing(connections[alias]))
    ]
