from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db import connections
from django.db.models.signals import post_migrate

from tamizdat.ledger import checks, triggers


class LedgerConfig(AppConfig):
    name = "tamizdat.ledger"

    def ready(self) -> None:
        register(checks.the_guards_are_in_place, Tags.database)
        # A migration that rebuilds a table on SQLite loses its triggers: put them back each time.
        post_migrate.connect(_guard_the_books, sender=self)


def _guard_the_books(*, using: str, **_: object) -> None:
    triggers.install(connections[using])
