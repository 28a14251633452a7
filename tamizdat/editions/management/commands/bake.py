from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.progress import track

from tamizdat.editions import baking


class Command(BaseCommand):
    help = "Bake every public page, and what else a reader may ask for, into the live tree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--why", default="by hand", help="noted in the edition")

    def handle(self, *, why: str, verbosity: int, **_: Any) -> None:
        edition = baking.bake(
            why=why,
            now=timezone.now(),
            progress=lambda pks: track(pks, "Baking", disable=verbosity == 0),
        )
        self.stdout.write(
            f"Edition {edition.number}: {edition.page_count} pages, {edition.file_count} files, "
            f"{edition.changed_count} of them changed, {edition.size_bytes:,} bytes."
        )
        if edition.failed_count:
            raise CommandError(
                f"{edition.failed_count} could not be baked; their last version is still there. "
                "The reasons are above."
            )
