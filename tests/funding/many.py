"""As many pledges as one likes, written at once, with a card that the demo bank knows."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone

from tamizdat.funding.days import day_of
from tamizdat.funding.models import Pledge, Supporter
from tamizdat.funding.models.supporter import address_index
from tamizdat.lib.months import due_on
from tamizdat.lib.vault import Vault, new_key
from tamizdat.outlet.vault import vault
from tamizdat.payments.models import Instrument

AT_ONCE = 5_000


def pledge_due_today(count: int, *, token: str) -> None:
    """Monthly pledges of $5, each of another supporter, all due today."""
    now = timezone.now()
    for first in range(0, count, AT_ONCE):
        _write(range(first, min(first + AT_ONCE, count)), token=token, now=now)


def _write(numbers: range, *, token: str, now: datetime) -> None:
    supporters = Supporter.objects.bulk_create(_supporters(numbers, now=now))
    instruments = Instrument.objects.bulk_create(
        Instrument(
            provider="demo-bank",
            sealed_token=Instrument.seal(token),
            issuer_country="US",
            created_at=now,
        )
        for _ in numbers
    )
    today = day_of(now)
    Pledge.objects.bulk_create(
        _pledge(supporter, instrument, today=today, now=now)
        for supporter, instrument in zip(supporters, instruments, strict=True)
    )


def _supporters(numbers: range, *, now: datetime) -> Iterator[Supporter]:
    for number in numbers:
        address, key = f"reader-{number}@readers.example", new_key()
        yield Supporter(
            sealed_key=vault().seal(key),
            sealed_address=Vault([key]).seal(address),
            address_index=address_index(address),
            language="en",
            created_at=now,
        )


def _pledge(supporter: Supporter, instrument: Instrument, *, today: date, now: datetime) -> Pledge:
    return Pledge(
        supporter=supporter,
        instrument=instrument,
        amount_minor=500,
        currency="USD",
        interval=Pledge.Interval.MONTH,
        state=Pledge.State.ACTIVE,
        anchor_on=due_on(today, -12),
        next_due_on=today,
        created_at=now,
    )
