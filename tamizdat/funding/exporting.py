"""Supporters and what they gave, readable: for a file that only the operator's key opens."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model
from django.forms.models import model_to_dict

from tamizdat.funding.models import (
    AmountLadder,
    Contribution,
    HaltOrder,
    Pledge,
    RiskRule,
    Supporter,
)
from tamizdat.lib.crate import Piece
from tamizdat.payments.models import Charge, Instrument

_AT_ONCE = 200


def pieces() -> Iterator[Piece]:
    """What is no secret: the amounts that are proposed, the safety rules, and what was halted."""
    yield Piece("outlet/amounts.json", "lists", lambda: _rows(AmountLadder))
    yield Piece("outlet/safety_rules.json", "lists", lambda: _rows(RiskRule))
    yield Piece("outlet/halts.json", "lists", lambda: _rows(HaltOrder))


def sealed_rows() -> Iterator[dict[str, Any]]:
    """Every supporter with all pledges and gifts, then the gifts of those who left no address."""
    supporters = Supporter.objects.order_by("pk").prefetch_related(
        "pledges__instrument",
        "pledges__dues__charge__attempts",
        "pledges__dues__charge__refunds",
        "contributions__charge__attempts",
        "contributions__charge__refunds",
    )
    for supporter in supporters.iterator(_AT_ONCE):
        yield {
            "kind": "supporter",
            "id": supporter.public_id,
            "address": supporter.address,
            "language": supporter.language,
            "mail": supporter.mail_profile,
            "mail_comes_back_since": _text(supporter.bounced_on),
            "since": supporter.created_at.isoformat(),
            "pledges": [_pledge(pledge) for pledge in supporter.pledges.all()],
            "gifts": [_gift(gift) for gift in supporter.contributions.all()],
        }
    nobodys = Contribution.objects.filter(supporter=None).order_by("pk").select_related("charge")
    for gift in nobodys.prefetch_related("charge__attempts", "charge__refunds").iterator(_AT_ONCE):
        yield {"kind": "gift without an address"} | _gift(gift)


def _pledge(pledge: Pledge) -> dict[str, Any]:
    return {
        "id": pledge.public_id,
        "state": pledge.state,
        "amount_in_minor_units": pledge.amount_minor,
        "currency": pledge.currency,
        "each": pledge.interval,
        "began_on": _text(pledge.anchor_on),
        "next_due_on": _text(pledge.next_due_on),
        "promised_at": pledge.created_at.isoformat(),
        "came_from": pledge.source_page,
        "message": pledge.appeal,
        "arm": pledge.arm,
        "charged_through": _instrument(pledge.instrument),
        "dues": [
            {"due_on": due.period_on.isoformat()} | _charge(due.charge)
            for due in sorted(pledge.dues.all(), key=lambda due: due.period_on)
        ],
    }


def _gift(gift: Contribution) -> dict[str, Any]:
    origin = {"came_from": gift.source_page, "message": gift.appeal, "arm": gift.arm}
    return {"language": gift.language} | origin | _charge(gift.charge)


def _instrument(instrument: Instrument | None) -> dict[str, Any] | None:
    if instrument is None:
        return None
    return {
        "provider": instrument.provider,
        "token": "" if instrument.is_revoked else instrument.token,
        "issuer_country": instrument.issuer_country,
        "state": instrument.state,
    }


def _charge(charge: Charge) -> dict[str, Any]:
    return {
        "reference": charge.reference,
        "receipt_number": charge.receipt_number,
        "state": charge.state,
        "amount_in_minor_units": charge.amount_minor,
        "refunded_in_minor_units": charge.refunded_minor,
        "disputed_in_minor_units": charge.disputed_minor,
        "currency": charge.currency,
        "asked_at": charge.created_at.isoformat(),
        "paid_at": _text(charge.succeeded_at),
        "at_the_provider": [
            {"provider": attempt.provider, "id": attempt.remote_id, "state": attempt.state}
            for attempt in sorted(charge.attempts.all(), key=lambda attempt: attempt.number)
        ],
        "given_back": [
            {
                "amount_in_minor_units": refund.amount_minor,
                "state": refund.state,
                "asked_at": refund.created_at.isoformat(),
                "failed_at": refund.failed_at.isoformat() if refund.failed_at else "",
                "reason": refund.reason,
                "id_at_the_provider": refund.remote_id,
            }
            for refund in sorted(charge.refunds.all(), key=lambda refund: refund.pk)
        ],
    }


def _text(day: Any) -> str | None:
    return day.isoformat() if day else None


def _rows(model: type[Model]) -> Iterable[bytes]:
    rows = [model_to_dict(row, exclude=["id"]) for row in model._default_manager.order_by("pk")]
    return [json.dumps(rows, ensure_ascii=False, indent=1, default=str).encode()]
