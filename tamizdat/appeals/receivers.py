from collections.abc import Iterable, Sequence
from datetime import datetime

from django.dispatch import receiver

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Arm, Message
from tamizdat.funding import giving
from tamizdat.funding.signals import address_forgotten, origin_told
from tamizdat.outlet.signals import mailbox_gone
from tamizdat.payments.models import Charge
from tamizdat.payments.signals import Success, charge_succeeded, charges_succeeded


@receiver(charge_succeeded)
def forget_the_reminder_of_who_gave(
    *, charge: Charge, at: datetime, is_among_many: bool = False, **_: object
) -> None:
    if not is_among_many:
        reminding.thank(_addresses_of([charge]), now=at)


@receiver(charges_succeeded)
def forget_the_reminders_of_who_gave(
    *, successes: Sequence[Success], at: datetime, **_: object
) -> None:
    reminding.thank(_addresses_of([success.charge for success in successes]), now=at)


@receiver(address_forgotten)
@receiver(mailbox_gone)
def forget_the_reminder_too(*, address: str, **_: object) -> None:
    reminding.drop(address)


@receiver(origin_told)
def say_what_of_it_is_ours(*, appeal: str, arm: str, **_: object) -> list[str]:
    """The arms of experiments that are over lead nobody any more."""
    test, _dot, name = arm.partition(".")
    running = Arm.objects.filter(experiment__key=test, experiment__is_on=True, name=name)
    known = {
        "appeal": bool(appeal) and Message.objects.filter(key=appeal).exists(),
        "arm": bool(arm) and running.exists(),
    }
    return [field for field, is_ours in known.items() if is_ours]


def _addresses_of(charges: Iterable[Charge]) -> list[str]:
    givers = [giving.supporter_of(charge) for charge in charges]
    return [giver.address for giver in givers if giver and giver.has_address]
