from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tamizdat.demo.archive import filling


class Command(BaseCommand):
    help = "Fill this newsroom with generated stories, to measure it or to try it at full size."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stories", type=int, required=True, metavar="N")

    def handle(self, *, stories: int, **_: Any) -> None:
        columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn())
        try:
            with Progress(*columns, TimeElapsedColumn()) as progress:
                filling.fill(stories=stories, progress=progress.track)
        except filling.NotOurs as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{stories:,} stories. Without revisions, and the desk finds none of them by their "
            "words until `tamizdat update-index`, nor what refers to what until "
            "`tamizdat rebuild-references-index`. Next: tamizdat bake"
        )
