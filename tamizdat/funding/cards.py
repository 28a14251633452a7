"""Another card for a pledge, named at the bank's page without paying."""

from datetime import datetime

from django.db import transaction

from tamizdat.funding import following, guarding, halting, policy
from tamizdat.funding.addresses import absolute_address
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Letter, Pledge
from tamizdat.payments import keeping
from tamizdat.payments.charging import Checkout
from tamizdat.payments.errors import Declined, Vetoed, WrongState
from tamizdat.payments.models import Instrument, Setup
from tamizdat.payments.models.setup import new_setup_reference
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.keeping import can_keep

CHANGEABLE = (Pledge.State.ACTIVE, Pledge.State.PAUSED)  # who owes pays with the other card


def can_begin(pledge: Pledge) -> bool:
    return pledge.state in CHANGEABLE and bool(_keepers(pledge))


def begin(pledge: Pledge, *, language: str, now: datetime) -> Checkout:
    """The bank's page where its reader names another card; pressed twice, it is the same page.

    Raises WrongState, Unreachable, Declined, and NotNow where a page would be new. Nothing is
    taken, whatever happens there.
    """
    with transaction.atomic(durable=True):  # committed before the bank is asked
        pledge.hold()
        if pledge.state not in CHANGEABLE:
            raise WrongState(f"{pledge} is {pledge.state}")
        provider, setup = _provider(pledge), pledge.setup
        halting.refuse(provider=provider)
        if setup and setup.is_open and setup.provider != provider:
            setup.move_to(Setup.State.ABANDONED, reason="replaced", closed_at=now)
        if setup is None or not setup.is_open:
            guarding.admit(pledge.supporter, provider=provider, now=now)
            setup = _write(pledge, provider=provider, language=language, now=now)
    return keeping.open_setup(setup)


def refuse(setup: Setup, *, country: str, now: datetime) -> None:
    """As a gift by this card would be. Raises Vetoed."""
    pledge = Pledge.objects.filter(setup=setup).first()  # as it is now
    if pledge is None:
        return  # not every setup is a pledge's
    if not pledge.is_chargeable:
        raise Vetoed("pledge_ended")
    policy.refuse(country, pledge.interval, provider=setup.provider, on=day_of(now))
    halting.refuse(provider=setup.provider, country=country)


def replace(setup: Setup, instrument: Instrument, *, at: datetime) -> None:
    """From now on this is the one that is charged, and the old one never again."""
    pledge = Pledge.objects.filter(setup=setup).first()
    if pledge is None:
        return
    pledge.hold()
    if not pledge.is_chargeable:
        instrument.revoke()
        return
    old = pledge.instrument
    pledge.move_to(Pledge.State(pledge.state), instrument=instrument, told_expiry_on=None)
    pledge.letters.filter(kind=Letter.Kind.EXPIRING).delete()  # it tells of the old one
    if old:
        old.revoke()
    if halting.forbids(instrument):
        following.halt(pledge)  # ordered while it was being named
    else:
        Letter.objects.write(Letter.Kind.CARD, pledge.supporter, pledge=pledge, at=at)


def _write(pledge: Pledge, *, provider: str, language: str, now: datetime) -> Setup:
    reference = new_setup_reference()
    setup = Setup.objects.create(
        reference=reference,
        provider=provider,
        currency=pledge.currency,
        return_url=absolute_address("funding:card", reference),
        language=language,
        created_at=now,
    )
    Pledge.objects.filter(pk=pledge.pk).update(setup=setup)
    return setup


def _provider(pledge: Pledge) -> str:
    """The one that it is charged through, or another that can take over."""
    now_at = pledge.instrument.provider if pledge.instrument else ""
    codes = _keepers(pledge)
    if not codes:
        raise Declined("keeps_nothing", is_hard=False)
    return now_at if now_at in codes else codes[0]


def _keepers(pledge: Pledge) -> list[str]:
    return [bank.code for bank in registry.taking(pledge.currency) if can_keep(bank)]
