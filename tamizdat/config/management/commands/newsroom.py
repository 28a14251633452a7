from typing import Any

from django.core.management.base import BaseCommand

from tamizdat.config import founding


class Command(BaseCommand):
    help = "Make what an empty newsroom needs: a front in each language, its masthead, the roles."

    def handle(self, *, verbosity: int, **_: Any) -> None:
        founding.found()
        if verbosity:
            self.stdout.write("The newsroom is ready.")
