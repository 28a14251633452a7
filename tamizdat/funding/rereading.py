"""Pledges as they are now, whatever was read of them before."""

from collections.abc import Iterable

from tamizdat.funding.models import Due, Pledge
from tamizdat.lib.once import once
from tamizdat.payments.models import Charge

_OF_MANY = "pledges of many charges"


def of_many(charges: Iterable[Charge]) -> None:
    """Inside `reading_once`: read those of `charges` together, for `of` to find."""
    dues = Due.objects.filter(charge__in=charges).select_related("pledge")
    once(_OF_MANY, lambda: {due.charge_id: due.pledge for due in dues})


def of(charge: Charge) -> Pledge | None:
    """The pledge of which `charge` is a due; None where it is of none."""
    known: dict[int, Pledge] = once(_OF_MANY, dict)
    return known.get(charge.pk) or Pledge.objects.filter(dues__charge=charge).first()
