from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from tamizdat.appeals.models import Message
from tamizdat.appeals.signals import message_changed


@receiver([post_save, post_delete], sender=Message)
def tell_that_a_message_changed(**_: object) -> None:
    message_changed.send(sender=None)
