"""Experiments for tests, and readers who meet them."""

from datetime import timedelta

from tamizdat.appeals.models import Arm, Experiment, Tally
from tamizdat.funding import giving, outcome
from tamizdat.funding.models import Contribution
from tamizdat.funding.origins import Origin
from tamizdat.lib.money import Money
from tamizdat.payments.models import Charge
from tests.conftest import NOON
from tests.demo_bank.nowhere import WORKS

DAY = timedelta(days=1)


def experiment(key="words", *, arms=("a", "b"), begins=NOON, **fields):
    found = Experiment.objects.create(key=key, name="Which words?", **fields)
    for name in arms:
        Arm.objects.create(experiment=found, name=name, share=10_000 // len(arms))
    if begins:
        found.begin(now=begins)
    return found


def meet(found, *, on=NOON, **by_arm):
    """So many browsers met each arm that day: `a=500, b=480`."""
    for name, met in by_arm.items():
        Tally.objects.add(found.arms.get(name=name), on.date(), met=met, views=2 * met)


def led(nowhere, found, arm, *, interval="once", minor=500, currency="USD"):
    """Someone in that arm gives, a day after NOON, through the bank."""
    now = NOON + DAY
    gift = giving.Gift(
        reference=Charge(created_at=now).reference,
        money=Money(minor, currency),
        interval=interval,
        address="" if interval == "once" else f"{arm}{Charge.objects.count()}@example.org",
        language="en",
        origin=Origin(arm=f"{found.key}.{arm}"),
    )
    charge = giving.promise(gift, now=now)
    bank = giving.open_bank(charge, provider=nowhere.provider.code, language="en", now=now)
    nowhere.pay(bank.url, WORKS)
    outcome.of(charge, now=now)
    charge.refresh_from_db()
    return charge


def given(found, arm, count, *, minor=1_000, currency="USD", at=NOON + DAY):
    """So many gifts that were made once and have arrived, without the way to a bank."""
    charges = Charge.objects.bulk_create(
        Charge(
            amount_minor=minor,
            currency=currency,
            state="succeeded",
            created_at=at,
            succeeded_at=at,
        )
        for _ in range(count)
    )
    Contribution.objects.bulk_create(
        Contribution(charge=charge, arm=f"{found.key}.{arm}", language="en", created_at=at)
        for charge in charges
    )
