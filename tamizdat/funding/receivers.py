from datetime import datetime

from django.dispatch import receiver

from tamizdat.funding import following, giving, halting, policy
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Pledge, RiskRule
from tamizdat.payments.errors import Vetoed
from tamizdat.payments.models import Attempt, Charge, Instrument
from tamizdat.payments.signals import before_charge, charge_failed, charge_succeeded


@receiver(before_charge)
def refuse_what_would_endanger(
    *, charge: Charge, issuer_country: str, now: datetime, **_: object
) -> None:
    interval = giving.interval_of(charge)
    if policy.verdict(issuer_country, interval, on=day_of(now)) == RiskRule.Action.NEVER:
        raise Vetoed(f"{policy.NEVER_FROM}{issuer_country}")


@receiver(before_charge)
def refuse_what_is_halted(*, attempt: Attempt, issuer_country: str, **_: object) -> None:
    halting.refuse(provider=attempt.provider, country=issuer_country)


@receiver(before_charge)
def refuse_what_its_reader_stopped(*, charge: Charge, **_: object) -> None:
    pledge = Pledge.objects.filter(dues__charge=charge).first()  # as it is now, not as it was read
    if pledge and pledge.is_ended:
        raise Vetoed("pledge_ended")
    if pledge and pledge.state == Pledge.State.PAUSED:
        raise Vetoed("pledge_paused")


@receiver(charge_succeeded)
def follow_success(
    *, charge: Charge, instrument: Instrument | None, at: datetime, **_: object
) -> None:
    following.paid(charge, instrument=instrument, at=at)


@receiver(charge_failed)
def follow_failure(
    *, charge: Charge, attempt: Attempt, is_hard: bool, at: datetime, **_: object
) -> None:
    following.refused(charge, attempt=attempt, is_hard=is_hard, at=at)
