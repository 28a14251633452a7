from collections.abc import Sequence
from datetime import datetime

from django.dispatch import receiver
from django.utils import timezone

from tamizdat.funding import (
    cards,
    following,
    giving,
    guarding,
    halting,
    letters,
    policy,
    profiles,
    rereading,
)
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Pledge
from tamizdat.outlet.signals import mailbox_gone
from tamizdat.payments.errors import Vetoed
from tamizdat.payments.models import Attempt, Charge, Instrument, Setup
from tamizdat.payments.providers.base import Remote
from tamizdat.payments.signals import (
    Success,
    before_charge,
    before_charges,
    before_keeping,
    charge_failed,
    charge_refunded,
    charge_succeeded,
    charges_succeeded,
    dispute_opened,
    instrument_kept,
    refund_failed,
)


@receiver(before_charge)
def refuse_what_would_endanger(
    *, charge: Charge, attempt: Attempt, issuer_country: str, now: datetime, **_: object
) -> None:
    interval = giving.interval_of(charge)
    policy.refuse(issuer_country, interval, provider=attempt.provider, on=day_of(now))


@receiver(before_charge)
def refuse_what_is_halted(*, attempt: Attempt, issuer_country: str, **_: object) -> None:
    halting.refuse(provider=attempt.provider, country=issuer_country)


@receiver(before_charges)
def read_again_what_readers_may_have_stopped(*, charges: Sequence[Charge], **_: object) -> None:
    rereading.of_many(charges)


@receiver(before_charge)
def refuse_what_its_reader_stopped(*, charge: Charge, attempt: Attempt, **_: object) -> None:
    pledge = rereading.of(charge)
    if pledge and pledge.is_ended:
        raise Vetoed("pledge_ended")
    if pledge and attempt.instrument_id not in (None, pledge.instrument_id):
        raise Vetoed("instrument_replaced")
    if pledge and pledge.state == Pledge.State.PAUSED:
        raise Vetoed("pledge_paused")


@receiver(before_charge)
def refuse_what_is_being_tried(
    *, attempt: Attempt, issuer_country: str, card: str, risk: str, now: datetime, **_: object
) -> None:
    guarding.refuse(attempt, issuer_country=issuer_country, card=card, risk=risk, now=now)


# Before the receipt is written, and only where its reader was at the bank: a card that is charged
# later is from where it was.
@receiver(charge_succeeded)
def write_as_carefully_as_its_country_needs(
    *, charge: Charge, attempt: Attempt, remote: Remote, **_: object
) -> None:
    supporter = giving.supporter_of(charge) if attempt.return_url else None
    if supporter and supporter.has_address:
        is_new = supporter.created_at == charge.created_at  # by this very gift
        profiles.heed_country(supporter, remote.issuer_country, is_new=is_new)


@receiver(charge_succeeded)
def follow_success(
    *,
    charge: Charge,
    attempt: Attempt,
    instrument: Instrument | None,
    remote: Remote,
    at: datetime,
    is_among_many: bool = False,
    **_: object,
) -> None:
    if not is_among_many:
        success = Success(charge, attempt, instrument)
        following.paid(success, country=remote.issuer_country, at=at)


@receiver(charges_succeeded)
def follow_successes(*, successes: Sequence[Success], at: datetime, **_: object) -> None:
    following.paid_together(successes, at=at)


@receiver(charge_failed)
def follow_failure(
    *, charge: Charge, attempt: Attempt, is_hard: bool, at: datetime, **_: object
) -> None:
    following.refused(charge, attempt=attempt, is_hard=is_hard, at=at)


# The last to hear of it: all gifts of a country share a row, which is locked until the commit.
@receiver(charge_succeeded)
def count_what_went_well(*, attempt: Attempt, remote: Remote, **_: object) -> None:
    guarding.rejoice(attempt, issuer_country=remote.issuer_country, card=remote.card)


@receiver(dispute_opened)
def follow_dispute(*, charge: Charge, **_: object) -> None:
    following.disputed(charge)


@receiver(before_keeping)
def refuse_a_card_that_would_endanger(
    *, setup: Setup, issuer_country: str, now: datetime, **_: object
) -> None:
    cards.refuse(setup, country=issuer_country, now=now)


@receiver(instrument_kept)
def give_by_another_card(
    *, setup: Setup, instrument: Instrument, at: datetime, **_: object
) -> None:
    cards.replace(setup, instrument, at=at)


@receiver(charge_refunded)
def tell_of_a_refund(*, charge: Charge, at: datetime, **_: object) -> None:
    following.given_back(charge, at=at)


@receiver(refund_failed)
def tell_of_what_came_back(*, charge: Charge, at: datetime, **_: object) -> None:
    following.came_back(charge, at=at)


@receiver(mailbox_gone)
def give_up_what_waits_for_it(*, address: str, **_: object) -> None:
    letters.give_up(address, now=timezone.now())
