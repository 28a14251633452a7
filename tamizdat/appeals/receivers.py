from django.dispatch import receiver
from django.utils import timezone

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Arm, Message
from tamizdat.funding import giving
from tamizdat.funding.signals import address_forgotten, origin_told
from tamizdat.outlet.signals import mailbox_gone
from tamizdat.payments.models import Charge
from tamizdat.payments.signals import charge_succeeded


@receiver(charge_succeeded)
def forget_the_reminder_of_who_gave(*, charge: Charge, **_: object) -> None:
    supporter = giving.supporter_of(charge)
    if supporter and supporter.has_address:
        reminding.thank(supporter.address, now=charge.succeeded_at or timezone.now())


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
