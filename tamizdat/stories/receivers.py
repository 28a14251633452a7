from django.dispatch import receiver
from wagtail.signals import page_published

from tamizdat.stories.models import Story


@receiver(page_published, sender=Story)
def choose_what_follows(*, instance: Story, **_: object) -> None:
    instance.keep_read_more()
