"""What `make bench-fund` does inside a newsroom; each prints JSON.

python -m tests.bench.fund.inside expect N | follow | heard | pledge N | charge | charged
"""

import json
import logging
import sys
import time
from collections.abc import Callable

import django


def expect(count: str) -> object:
    """Payments that were asked for, and nothing was heard of."""
    from django.utils import timezone

    from tamizdat.funding.models import Contribution
    from tamizdat.payments.models import Attempt, Charge

    now, numbers = timezone.now(), range(int(count))
    charges = Charge.objects.bulk_create(
        [
            Charge(
                reference=f"bench-{n}",
                amount_minor=500,
                currency="EUR",
                state=Charge.State.OPEN,
                created_at=now,
            )
            for n in numbers
        ],
        batch_size=2_000,
    )
    Contribution.objects.bulk_create(
        [Contribution(charge=charge, language="en", created_at=now) for charge in charges],
        batch_size=2_000,
    )
    Attempt.objects.bulk_create(
        [
            Attempt(
                charge=charge,
                provider="stripe",
                number=1,
                idempotency_key=f"bench-{n}-1",
                state=Attempt.State.SENT,
                remote_id=f"pi_{n}",
                return_url="http://127.0.0.1/thanks/",
                created_at=now,
                sent_at=now,
            )
            for n, charge in zip(numbers, charges, strict=True)
        ],
        batch_size=2_000,
    )
    return len(charges)


def follow() -> object:
    """What a worker does with events that wait. The seconds it took."""
    from django.utils import timezone

    import tests.bench.fund.wsgi  # noqa: F401 with it, Stripe is on this machine
    from tamizdat.payments import noticing

    start = time.perf_counter()
    noticing.look_at_noted(now=timezone.now())
    return time.perf_counter() - start


def heard() -> object:
    """Events that were kept, and payments that are in the books."""
    from tamizdat.ledger import books
    from tamizdat.payments.models import ProviderEvent

    return [ProviderEvent.objects.count(), -books.balance("reader-funding", "EUR").minor // 500]


def pledge(count: str) -> object:
    from django.conf import settings

    from tamizdat.demo.bank.bank import Bank
    from tests.demo_bank.cards import WORKS
    from tests.funding import many

    bank = Bank(str(settings.HOME / "demo-bank.sqlite3"), clock=time.time)
    many.pledge_due_today(int(count), token=bank.keep(WORKS))
    return int(count)


def charge() -> object:
    """What a worker does with what is due."""
    from django.utils import timezone

    from tamizdat.funding import schedule

    return schedule.charge_due(now=timezone.now())


def charged() -> object:
    from tamizdat.payments.models import Attempt

    return Attempt.objects.filter(state=Attempt.State.SUCCEEDED).count()


VERBS: dict[str, Callable[..., object]] = {
    verb.__name__: verb for verb in (expect, follow, heard, pledge, charge, charged)
}

if __name__ == "__main__":
    django.setup()
    logging.disable(logging.INFO)
    sys.stdout.write(json.dumps(VERBS[sys.argv[1]](*sys.argv[2:])))
