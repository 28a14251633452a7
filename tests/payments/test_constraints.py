"""Rows that the database refuses, whatever the code thinks."""

import pytest
from django.db import IntegrityError

from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import (
    Attempt,
    Charge,
    Difference,
    Dispute,
    Instrument,
    KeptLine,
    ProviderEvent,
    Refund,
)
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def attempt(charge, number=1, **fields):
    words = {
        "provider": "demo-bank",
        "idempotency_key": f"key-{number}",
        "remote_id": f"pay_{number}",
        "created_at": NOON,
        "state": "new",
    }
    return Attempt.objects.create(charge=charge, number=number, **(words | fields))


CLOSED = {"closed_at": NOON}
SUCCEEDED = CLOSED | {"state": "succeeded", "sent_at": NOON}
DECLINED = CLOSED | {"state": "declined", "reason": "stolen_card"}


@pytest.mark.parametrize("first", [{}, {"state": "sent", "sent_at": NOON}, SUCCEEDED])
@pytest.mark.parametrize("second", [{}, SUCCEEDED])
def test_a_charge_has_one_live_attempt_at_most(charge, first, second):
    attempt(charge, 1, **first)

    with pytest.raises(IntegrityError):
        attempt(charge, 2, **second)


@pytest.mark.parametrize("closed", [SUCCEEDED, DECLINED, DECLINED | {"state": "abandoned"}])
@pytest.mark.parametrize("state", Attempt.CAME_FROM)
def test_what_is_closed_becomes_nothing_else(charge, closed, state):
    over = attempt(charge, 1, **closed)

    with pytest.raises(WrongState):
        over.move_to(state)


def test_after_a_decline_there_may_be_another(charge):
    attempt(charge, 1, **DECLINED)
    attempt(charge, 2, **SUCCEEDED)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "lucky"},
        {"state": "sent"},
        {"state": "pending"},
        {"state": "succeeded", "sent_at": NOON},
        {"state": "new", "closed_at": NOON},
        {"state": "action_required", "remote_id": ""},
        SUCCEEDED | {"remote_id": ""},
        DECLINED | {"reason": ""},
        SUCCEEDED | {"reason": "why"},
        {"state": "new", "is_hard": True},
    ],
)
def test_an_impossible_attempt_is_refused(charge, fields):
    with pytest.raises(IntegrityError):
        attempt(charge, **fields)


@pytest.mark.parametrize("same", [{"idempotency_key": "key-1"}, {"remote_id": "pay_1"}])
def test_a_key_and_a_payment_belong_to_one_attempt(charge, same):
    attempt(charge, 1, **DECLINED)

    with pytest.raises(IntegrityError):
        attempt(charge, 2, **same)


@pytest.mark.parametrize(
    "fields",
    [
        {"amount_minor": 0},
        {"amount_minor": -5},
        {"currency": "eur"},
        {"state": "paid"},
        {"state": "succeeded"},
        {"succeeded_at": NOON},
        {"refunded_minor": 1},
        {"state": "succeeded", "succeeded_at": NOON, "refunded_minor": 501},
        {"state": "succeeded", "succeeded_at": NOON, "refunded_minor": -1},
    ],
)
def test_an_impossible_charge_is_refused(charge, fields):
    with pytest.raises(IntegrityError):
        Charge.objects.filter(pk=charge.pk).update(**fields)


def test_two_charges_have_two_receipt_numbers(charge):
    with pytest.raises(IntegrityError):
        Charge.objects.create(
            amount_minor=5, currency="EUR", created_at=NOON, receipt_digits=charge.receipt_digits
        )


@pytest.mark.parametrize(
    "fields", [{"issuer_country": ""}, {"state": "lost"}, {"sealed_token": None}]
)
def test_an_impossible_instrument_is_refused(db, fields):
    words = {"issuer_country": "DE", "sealed_token": b"x", "created_at": NOON, "provider": "p"}

    with pytest.raises(IntegrityError):
        Instrument.objects.create(**(words | fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"amount_minor": 0},
        {"state": "lost"},
        {"state": "succeeded"},
        {"state": "failed", "failed_at": NOON},
        {"state": "failed", "remote_id": "r"},
        {"state": "succeeded", "remote_id": "r", "failed_at": NOON},
    ],
)
def test_an_impossible_refund_is_refused(charge, fields):
    words = {"amount_minor": 5, "idempotency_key": "k", "created_at": NOON}

    with pytest.raises(IntegrityError):
        Refund.objects.create(charge=charge, **(words | fields))


@pytest.mark.parametrize(
    "fields",
    [{"amount_minor": 0}, {"remote_id": ""}, {"state": "tied"}, {"state": "won"},
     {"closed_at": NOON}],
)  # fmt: skip
def test_an_impossible_dispute_is_refused(charge, fields):
    words = {"amount_minor": 5, "remote_id": "d", "opened_at": NOON}

    with pytest.raises(IntegrityError):
        Dispute.objects.create(charge=charge, **(words | fields))


@pytest.mark.parametrize(
    "fields",
    [{"kind": "odd"}, {"state": "resolved"}, {"closed_at": NOON},
     {"state": "explained", "closed_at": NOON}],
)  # fmt: skip
def test_an_impossible_difference_is_refused(db, fields):
    words = {"provider": "p", "key": "p:x", "currency": "EUR", "kind": "only_ours", "at": NOON}
    words |= {"ours_minor": 5, "theirs_minor": 0, "found_at": NOON}

    with pytest.raises(IntegrityError):
        Difference.objects.create(**(words | fields))


def test_a_line_of_an_account_counts_once(db):
    words = {"provider": "p", "line_id": "l", "movement": "fee", "at": NOON, "gross_minor": 1}
    words |= {"fee_minor": 0, "currency": "EUR", "key": "p:l"}
    KeptLine.objects.create(**words)

    with pytest.raises(IntegrityError):
        KeptLine.objects.create(**words)


def test_an_event_counts_once(db):
    words = {"provider": "p", "event_id": "e", "kind": "k", "received_at": NOON}
    ProviderEvent.objects.create(**words)

    with pytest.raises(IntegrityError):
        ProviderEvent.objects.create(**words)


def test_a_closed_attempt_never_moves_again(charge):
    stale = attempt(charge)
    Attempt.objects.get().move_to(Attempt.State.ABANDONED, reason="left", closed_at=NOON)

    for state in Attempt.State:
        with pytest.raises((WrongState, KeyError)):
            stale.move_to(state)
