"""`tamizdat export DIR [--key age1…]`: leave with everything."""

from collections.abc import Iterable
from pathlib import Path
from typing import IO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import track

from tamizdat.config import exporting
from tamizdat.config.exporting import Exported, ExportRefused
from tamizdat.lib.crate import Piece


class Command(BaseCommand):
    help = "Write everything into a folder: stories, pictures, books; supporters only encrypted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="empty, new, or that of an earlier export")
        parser.add_argument("--key", default="", help="age1…: who alone can read the supporters")

    def handle(self, *, folder: Path, key: str, **_: object) -> None:
        console = Console(file=cast(IO[str], self.stdout), soft_wrap=True, highlight=False)

        def watch(pieces: Iterable[Piece], count: int) -> Iterable[Piece]:
            return track(pieces, "Writing", total=count, console=console)

        try:
            done = exporting.export(folder, key=key, watch=watch)
        except ExportRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as trouble:
            raise CommandError(
                f"Writing to {folder} failed: {trouble.strerror}. Run it again when that is "
                "mended; what is written is kept."
            ) from None
        show(done, folder, console, has_key=bool(key))


def show(done: Exported, folder: Path, console: Console, *, has_key: bool) -> None:
    for kind, count in sorted((done.counts + done.sealed).items()):
        console.print(f"{count:>9} {kind}")
    if done.changed:
        console.print(f"{done.files} files in {folder}, {done.changed} of them new or changed.")
    else:
        console.print(f"Nothing to do: the {done.files} files in {folder} are as they should be.")
    if has_key:
        console.print(f"Supporters and reminders are in {exporting.SEALED}, for your key alone.")
    else:
        console.print(
            "Supporters and reminders were LEFT OUT: they are only written encrypted. "
            f"{exporting.HOW_TO_MAKE_A_KEY} Then run this again with --key."
        )
    console.print(f"{exporting.README} there says what is what.")
