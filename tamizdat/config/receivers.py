"""News that passes between apps which must not know each other."""

from django.dispatch import receiver

from tamizdat.editions import baking
from tamizdat.stories.signals import archive_imported


@receiver(archive_imported)
def bake_what_was_imported(*, pages: int, **_: object) -> None:
    baking.request(why=f"{pages} pages were imported")
