"""Gifts as the desk looks for them, and giving them back: who did it, and why, is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from tamizdat.funding.models import Contribution, Pledge, Supporter
from tamizdat.funding.models.supporter import SupporterQuerySet, address_index
from tamizdat.lib.money import Money
from tamizdat.payments import refunding
from tamizdat.payments.models import Charge, Refund
from tamizdat.payments.models.charge import ChargeQuerySet

GIVE_BACK = "funding.give_back"  # in Wagtail's log


@dataclass(frozen=True)
class Given:
    """A refund, and who asked for it."""

    refund: Refund
    by: str
    claim_page: str = ""  # where its giver says where to, if it does not go back by itself


def gifts() -> ChargeQuerySet:
    """Every charge that is a gift, newest first."""
    are_gifts = Q(due__isnull=False) | Q(contribution__isnull=False)
    related = ("due__pledge", "contribution")
    return Charge.objects.filter(are_gifts).select_related(*related).order_by("-created_at", "-pk")


def found_by(sought: str) -> QuerySet[Charge]:
    """Those of this receipt number or number in the books, or of whoever left this address."""
    number = sought.strip()
    in_the_books = gifts().filter(pk=int(number)) if number.isdecimal() else gifts().none()
    for named in (in_the_books, numbered(number)):
        if named.exists():
            return named
    return of_supporters(Supporter.objects.filter(address_index=address_index(sought)))


def numbered(number: str) -> QuerySet[Charge]:
    """The one of this receipt number; or of the reference that is in the address of its page."""
    named = gifts().filter(reference=number)
    return named if named.exists() else gifts().of_receipt(number)


def of_supporters(supporters: SupporterQuerySet) -> QuerySet[Charge]:
    """Every gift of theirs, newest first."""
    return gifts().filter(pk__in=supporters.charge_numbers())


def give_back(
    charge: Charge, money: Money, *, reason: str, number: int, by: Any, now: datetime
) -> Refund:
    """Give back `money` of `charge` as its refund `number`, and note that `by` did it.

    Raises as `refunding.refund` does.
    """
    with transaction.atomic(durable=True):  # written, with who did it, before the bank is asked
        refund = refunding.reserve(charge, money, reason=reason, number=number, now=now)
        data = {"refund": refund.pk, "receipt": charge.receipt_number, "reason": reason}
        data |= {"amount": money.format("en")}
        log(instance=what_it_was(charge), action=GIVE_BACK, user=by, data=data)
    return refunding.send(refund, now=now)


def given_back(charge: Charge) -> list[Given]:
    """What was given back of it, or is being given back, oldest first."""
    instance = what_it_was(charge)
    entries = ModelLogEntry.objects.for_instance(instance).filter(action=GIVE_BACK)
    by = {entry.data["refund"]: entry.user_display_name for entry in entries}
    return [
        Given(refund, by.get(refund.pk, ""), refunding.claim_page(refund))
        for refund in charge.refunds.order_by("pk")
    ]


def what_it_was(charge: Charge) -> Pledge | Contribution:
    return charge.due.pledge if hasattr(charge, "due") else charge.contribution


def left_of(charge: Charge) -> Money:
    """What can still be given back."""
    return charge.left
