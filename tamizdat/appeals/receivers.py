from django.db.models import Q
from django.dispatch import receiver

from tamizdat.appeals import reminding
from tamizdat.funding.models import Supporter
from tamizdat.funding.signals import address_forgotten
from tamizdat.payments.models import Charge
from tamizdat.payments.signals import charge_succeeded


@receiver(charge_succeeded)
def forget_the_reminder_of_who_gave(*, charge: Charge, **_: object) -> None:
    of_this_gift = Q(contributions__charge=charge) | Q(pledges__dues__charge=charge)
    for supporter in Supporter.objects.filter(of_this_gift, address_index__isnull=False):
        reminding.drop(supporter.address)


@receiver(address_forgotten)
def forget_the_reminder_too(*, address: str, **_: object) -> None:
    reminding.drop(address)
