"""Pledges and their gifts as rows, whole years of them in no time."""

from datetime import UTC, date, datetime, time

from tamizdat.funding.models import Contribution, Due, Pledge, Supporter
from tamizdat.lib.months import due_on
from tamizdat.payments.models import Attempt, Charge, Instrument
from tests.conftest import NOON

JANUARY = date(2026, 1, 1)


def month(n):
    """The nth after January 2026."""
    return due_on(JANUARY, n)


def pledge(*, state="active", interval="month", minor=500, currency="USD", **more):
    supporter = more.pop("supporter", None) or Supporter.objects.without_address(
        language="en", now=NOON
    )
    if state in Pledge.CHARGEABLE:
        card = Instrument.objects.create(
            provider="demo", sealed_token=b"x", issuer_country="GB", created_at=NOON
        )
        more |= {"instrument": card, "next_due_on": date(2099, 1, 1)}
    return Pledge.objects.create(
        supporter=supporter,
        state=state,
        interval=interval,
        amount_minor=minor,
        currency=currency,
        anchor_on=JANUARY,
        created_at=NOON,
        **more,
    )


def gave(one, *months, minor=None, state="succeeded", declined=False, provider="demo"):
    """`one` pledge gave in these months."""
    for n in months:
        charge = _charge(minor or one.amount_minor, one.currency, month(n), state=state)
        Due.objects.create(pledge=one, period_on=due_on(month(n), 0).replace(day=15), charge=charge)
        _attempts(charge, provider, declined=declined)


def gave_once(n, *, minor=2500, currency="USD", provider="demo", **origin):
    charge = _charge(minor, currency, month(n))
    _attempts(charge, provider, declined=False)
    Contribution.objects.create(charge=charge, language="en", created_at=NOON, **origin)
    return charge


def _charge(minor, currency, first_day, *, state="succeeded"):
    at = datetime.combine(first_day.replace(day=15), time(9), tzinfo=UTC)
    return Charge.objects.create(
        amount_minor=minor,
        currency=currency,
        state=state,
        created_at=at,
        succeeded_at=at if state == "succeeded" else None,
    )


def _attempts(charge, provider, *, declined):
    states = ["declined", "succeeded"] if declined else ["succeeded"]
    for number, state in enumerate(states if charge.state == "succeeded" else [], start=1):
        Attempt.objects.create(
            charge=charge,
            provider=provider,
            number=number,
            idempotency_key=f"{charge.reference}-{number}",
            state=state,
            reason="empty" if state == "declined" else "",
            remote_id=f"{charge.reference}-{number}",
            created_at=charge.created_at,
            closed_at=charge.created_at,
        )
