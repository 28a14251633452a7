from django.dispatch import receiver

from tamizdat.figures.figure import Figure
from tamizdat.figures.signals import figures_told
from tamizdat.funding.signals import address_forgotten
from tamizdat.newsletters import composing, figures, subscribing  # noqa: F401 composing shows previews
from tamizdat.newsletters.models.subscriber import address_index
from tamizdat.outlet.signals import mailbox_gone


@receiver(figures_told)
def tell_how_many(**_: object) -> list[Figure]:
    return [draw() for draw in figures.ALL]


@receiver(address_forgotten)
@receiver(mailbox_gone)
def forget_the_subscriber_too(*, address: str, **_: object) -> None:
    subscribing.drop(index=address_index(address))
