"""`tamizdat import-wordpress FILE [--uploads DIR_OR_ZIP] [--dry-run]`: bring in an old site."""

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

from tamizdat.stories.importing import archive, report_page, wxr
from tamizdat.stories.importing.export import Export, ImportRefused
from tamizdat.stories.importing.report import Outcome, Report, discreet

KINDS = ("post", "page", "section", "topic", "author")


class Command(BaseCommand):
    help = "Bring in a WordPress site: an export (WXR) and, with --uploads, its pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the .xml file that WordPress exported")
        parser.add_argument(
            "--uploads", type=Path, help="the folder wp-content/uploads, or a ZIP archive of it"
        )
        parser.add_argument("--language", help="of the whole site; default: what the export says")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done and change nothing"
        )

    def handle(
        self,
        *,
        file: Path,
        uploads: Path | None,
        language: str | None,
        dry_run: bool,
        **_: object,
    ) -> None:
        console = Console(file=cast(IO[str], self.stdout), soft_wrap=True)
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # else a line for each page
        now = timezone.now()
        try:
            refuse_missing(file)
            with console.status(f"Reading {file.name}"):
                export = wxr.read(file)
            bring = archive.rehearse if dry_run else archive.bring_in
            report = bring(
                export,
                uploads=uploads,
                language=language or language_of(export),
                now=now,
                watch=partial(watch, console),
            )
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from None
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped. What came in so far stays; run the same command again to go on."
            ) from None
        path = settings.HOME / "imports" / f"{file.stem}-{now:%Y%m%d-%H%M%S}.json"
        report.write(path)
        report_page.write(report, path.with_suffix(".html"))
        show(report, console)
        console.print(f"The whole report: {path.with_suffix('.html')}", highlight=False)
        console.print(f"The same for programs: {path}", highlight=False)


def refuse_missing(file: Path) -> None:
    if not file.is_file():
        raise ImportRefused(f"There is no file {file}. Give the .xml file that WordPress exported.")


def language_of(export: Export) -> str:
    """What the export says it is written in if we publish in that, else our first language."""
    said = export.language.partition("-")[0].lower()
    return said if said in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def watch(console: Console, things: list[Any], what: str) -> Iterable[Any]:
    return track(things, description=what, console=console)


def show(report: Report, console: Console) -> None:
    """Print the summary: what came, what did not, and what to look at."""
    if report.is_rehearsal:
        console.print(f"Nothing was changed. This would become of {report.site}:")
    elif report.changed_anything:
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
