from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tamizdat.demo import making


class Command(BaseCommand):
    help = "Fill this newsroom with the demo's stories and gifts. Run again it goes on, or rests."

    def handle(self, **_: Any) -> None:
        columns = (
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns) as progress:
            baking = progress.add_task("Baking", total=None, visible=False)

            def watch(done: int, of: int) -> None:
                progress.update(baking, completed=done, total=of, visible=True)

            making.make(progress=progress.track, now=timezone.now(), watch=watch)
