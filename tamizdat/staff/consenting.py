"""Two people for an export of supporters: one asks with a reason, another agrees, then it is
taken once. docs/adr/0008 says what this keeps out and what it cannot.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log

from tamizdat.lib.age_keys import recipient_of
from tamizdat.staff.models import ExportRequest

WITHIN = timedelta(hours=24)  # for the second person to answer, and then for taking it
State = ExportRequest.State
ASK, TAKE, TAKE_ALONE = "staff.export_ask", "staff.export_take", "staff.export_take_alone"
DECISIONS = {State.APPROVED: "staff.export_approve", State.REFUSED: "staff.export_refuse"}


class NoConsent(Exception):
    """Nobody else has agreed, or not in time, or to another key, or it was taken already."""


@transaction.atomic
def ask(*, reason: str, recipient: str, by: Any, now: datetime) -> ExportRequest:
    """Raises NotAnAgeKey."""
    recipient_of(recipient)
    request = ExportRequest.objects.create(
        reason=reason, recipient=recipient.strip(), asked_by=by, asked_at=now
    )
    _note(request, ASK, by=by)
    return request


def approve(number: int, *, by: Any, now: datetime) -> None:
    """Raises NoConsent for whoever asked it, for what is too old, and for what was answered."""
    rows = waiting(now=now).filter(pk=number).exclude(asked_by=by)
    _decide(rows, State.APPROVED, by=by, now=now)


def refuse(number: int, *, by: Any, now: datetime) -> None:
    """Also what was approved, until it is taken, and by whoever asked. Raises NoConsent."""
    rows = ExportRequest.objects.filter(pk=number, state__in=[State.ASKED, State.APPROVED])
    _decide(rows, State.REFUSED, by=by, now=now)


def approved(number: int, *, recipient: str, now: datetime) -> ExportRequest:
    """That which may be taken now. Raises NoConsent."""
    request = _takeable(number, recipient, now).first()
    if request is None:
        raise NoConsent(f"export request {number}")
    return request


@transaction.atomic
def take(number: int, *, recipient: str, now: datetime) -> None:
    """Use it up. Of two who take it at once, one does. Raises NoConsent."""
    if not _takeable(number, recipient, now).update(state=State.TAKEN, taken_at=now):
        raise NoConsent(f"export request {number}")
    _note(ExportRequest.objects.get(pk=number), TAKE)


@transaction.atomic
def take_alone(*, reason: str, recipient: str, now: datetime) -> None:
    """For an emergency, by whoever has the machine: it stands in the log and the desk for good."""
    request = ExportRequest.objects.create(
        reason=reason,
        recipient=recipient.strip(),
        state=State.TAKEN,
        asked_at=now,
        taken_at=now,
    )
    _note(request, TAKE_ALONE)


def waiting(*, now: datetime) -> QuerySet[ExportRequest]:
    """Those that a second person may still answer."""
    return ExportRequest.objects.filter(state=State.ASKED, asked_at__gt=now - WITHIN)


def _takeable(number: int, recipient: str, now: datetime) -> QuerySet[ExportRequest]:
    of_key = ExportRequest.objects.filter(pk=number, recipient=recipient.strip())
    return of_key.filter(state=State.APPROVED, decided_at__gt=now - WITHIN)


@transaction.atomic
def _decide(rows: QuerySet[ExportRequest], state: State, *, by: Any, now: datetime) -> None:
    # One UPDATE, not read-then-save: of two who answer at once, one does.
    request = rows.first()
    if request is None or not rows.update(state=state, decided_by=by, decided_at=now):
        raise NoConsent("it was answered or taken before, is too old, or is one's own")
    _note(request, DECISIONS[state], by=by)


def _note(request: ExportRequest, action: str, *, by: Any = None) -> None:
    data = {"number": request.pk, "reason": request.reason, "recipient": request.recipient}
    log(instance=request, action=action, user=by, data=data)
