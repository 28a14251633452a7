from datetime import datetime

from django.dispatch import receiver

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Arm, Message
from tamizdat.funding import giving
from tamizdat.funding.signals import address_forgotten, origin_told
from tamizdat.outlet.signals import mailbox_gone
from tamizdat.payments.models import Attempt, Charge
from tamizdat.payments.signals import charge_succeeded


@receiver(charge_succeeded)
def forget_the_reminder_of_who_gave(
    *, charge: Charge, attempt: Attempt, at: datetime, **_: object
) -> None:
    # What is taken each month by itself is nothing that they did since they wished it.
    giver = giving.supporter_of(charge) if attempt.return_url else None
    if giver and giver.has_address:
        reminding.thank(giver.address, now=at)


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
