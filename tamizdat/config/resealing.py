"""After a new vault key: seal again what an older one sealed, so that it can be destroyed."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from tamizdat.appeals.models import Reminder
from tamizdat.funding.models import Supporter
from tamizdat.newsletters.models import SignUp, Subscriber
from tamizdat.outlet.vault import vault
from tamizdat.payments.models import BankLine, Instrument

SEALED: tuple[tuple[type[Model], str], ...] = (
    (Supporter, "sealed_key"),
    (Instrument, "sealed_token"),
    (BankLine, "sealed_text"),
    (Reminder, "sealed_address"),
    (SignUp, "sealed_address"),
    (Subscriber, "sealed_address"),
)


def reseal() -> int:
    """Seal everything with the newest key. How many were not. Raises CannotOpen.

    Stopped half-way or run beside the worker, it loses nothing: run it again.
    """
    return sum(_reseal(model, field) for model, field in SEALED)


def _reseal(model: type[Model], field: str) -> int:
    keys = vault()
    older = ((pk, blob) for pk, blob in _blobs(model, field) if not keys.is_newest(blob))
    return sum(
        # Only if it is still there: its reader may have been forgotten meanwhile.
        model._default_manager.filter(pk=pk, **{field: blob}).update(
            **{field: keys.seal(keys.open(blob))}
        )
        for pk, blob in older
    )


def _blobs(model: type[Model], field: str) -> Iterator[Any]:
    rows = model._default_manager.exclude(**{field: None}).order_by("pk")
    return iter(rows.values_list("pk", field))
