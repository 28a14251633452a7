"""`tamizdat import-wordpress FILE [--uploads DIR]`: bring in an old site."""

import logging
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import track
from rich.table import Table

from tamizdat.stories.importing import archive, wxr
from tamizdat.stories.importing.export import Export, ImportRefused
from tamizdat.stories.importing.report import Outcome, Report, discreet

KINDS = ("post", "page", "section", "topic", "author")


class Command(BaseCommand):
    help = "Bring in a WordPress site: an export (WXR) and, with --uploads, its pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the .xml file that WordPress exported")
        parser.add_argument("--uploads", type=Path, help="the folder wp-content/uploads")
        parser.add_argument("--language", help="of the whole site; default: what the export says")

    def handle(
        self, *, file: Path, uploads: Path | None, language: str | None, **_: object
    ) -> None:
        console = Console(file=cast(IO[str], self.stdout), soft_wrap=True)
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # else a line for each page
        now = timezone.now()
        try:
            refuse_missing(file, uploads)
            export = wxr.read(file)
            report = archive.bring_in(
                export,
                uploads=uploads,
                language=language or language_of(export),
                now=now,
                watch=partial(watch, console),
            )
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from None
        path = settings.HOME / "imports" / f"{file.stem}-{now:%Y%m%d-%H%M%S}.json"
        report.write(path)
        show(report, console)
        console.print(f"The whole report: {path}", highlight=False)


def refuse_missing(file: Path, uploads: Path | None) -> None:
    if not file.is_file():
        raise ImportRefused(f"There is no file {file}. Give the .xml file that WordPress exported.")
    if uploads and not uploads.is_dir():
        raise ImportRefused(f"There is no folder {uploads}. Give a copy of wp-content/uploads.")


def language_of(export: Export) -> str:
    """What the export says it is written in if we publish in that, else our first language."""
    said = export.language.partition("-")[0].lower()
    return said if said in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def watch(console: Console, things: list[Any], what: str) -> Iterable[Any]:
    return track(things, description=what, console=console)


def show(report: Report, console: Console) -> None:
    """Print the summary: what came, what did not, and what to look at."""
    if report.changed_anything:
        console.print(f"Brought in from {report.site}:")
    else:
        console.print(f"Nothing to do: all of {report.site} is here as it is in the export.")
    table = Table("", *(outcome.value for outcome in Outcome), box=None)
    for kind in KINDS:
        found = report.outcomes(kind)
        table.add_row(f"{kind}s", *(str(found[outcome] or "") for outcome in Outcome))
    console.print(table)
    made = f"{report.counts['pictures']} pictures and {report.counts['redirects']} redirects made"
    console.print(f"{made}; {report.controls_dropped} control characters dropped.")
    for title, counts in (
        ("Not imported", report.left_out),
        ("Not carried over as it was", report.all_notes()),
    ):
        for what, count in sorted(counts.items()):
            console.print(f"{title}: {discreet(what)} ({count})", markup=False)
