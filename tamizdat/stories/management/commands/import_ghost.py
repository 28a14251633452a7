"""`tamizdat import-ghost FILE [--content DIR_OR_ZIP] [--address URL] [--dry-run]`."""

import logging
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console

from tamizdat.stories.importing import archive, report_page
from tamizdat.stories.importing.export import Export, ImportRefused
from tamizdat.stories.importing.ghost import reading
from tamizdat.stories.importing.report import Report
from tamizdat.stories.management.commands.import_wordpress import language_of, show, watch

MEMBERS = "rows of the table members"
ABOUT_MEMBERS = (
    "Members: {count} in this export. Nothing of them was read or kept: there is no import of "
    "supporters yet. When there is, they will become supporters, and those who pay will have to "
    "promise anew, because Ghost's payments stay with Stripe. Keep the list that Ghost exports as "
    "CSV (Members, Export) until then, encrypted."
)


class Command(BaseCommand):
    help = "Bring in a Ghost site: its JSON export and, with --content, its pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the .json file that Ghost exported")
        parser.add_argument(
            "--content", type=Path, help="Ghost's folder content/, or a ZIP archive of it"
        )
        parser.add_argument(
            "--address",
            default="",
            help="of the old site, https://…: no export says it, and whole links need it",
        )
        parser.add_argument("--language", help="of the whole site; default: what the export says")
        parser.add_argument("--members", action="store_true", help="say what becomes of members")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done and change nothing"
        )

    def handle(self, *, file: Path, members: bool, **options: Any) -> None:
        console = Console(file=cast(IO[str], self.stdout), soft_wrap=True)
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # else a line for each page
        try:
            export, report = bring(file, console, **options)
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from None
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped. What came in so far stays; run the same command again to go on."
            ) from None
        show(report, console)
        if members:
            console.print(ABOUT_MEMBERS.format(count=export.unread[MEMBERS]), highlight=False)
        path = settings.HOME / "imports" / f"{file.stem}-{timezone.now():%Y%m%d-%H%M%S}.json"
        report.write(path)
        report_page.write(report, path.with_suffix(".html"))
        console.print(f"The whole report: {path.with_suffix('.html')}", highlight=False)
        console.print(f"The same for programs: {path}", highlight=False)


def bring(file: Path, console: Console, **options: Any) -> tuple[Export, Report]:
    if not file.is_file():
        raise ImportRefused(f"There is no file {file}. Give the .json file that Ghost exported.")
    if (address := options["address"]) and not address.startswith(("https://", "http://")):
        raise ImportRefused(f"The address {address!r} must begin with https:// or http://.")
    with console.status(f"Reading {file.name}"):
        export = reading.read(file, address=address)
    bring_in = archive.rehearse if options["dry_run"] else archive.bring_in
    report = bring_in(
        export,
        uploads=options["content"],
        language=options["language"] or language_of(export),
        now=timezone.now(),
        watch=partial(watch, console),
    )
    return export, report
