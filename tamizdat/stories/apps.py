from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from tamizdat.stories import indexes


class StoriesConfig(AppConfig):
    name = "tamizdat.stories"

    def ready(self) -> None:
        from tamizdat.stories import receivers  # noqa: F401

        post_migrate.connect(_index_the_newest, sender=self)


def _index_the_newest(*, using: str, **_: object) -> None:
    indexes.install(connections[using])
