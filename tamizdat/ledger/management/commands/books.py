"""`tamizdat books`: the books as an accountant wants them, and whether their sums are right.

The apps above, which know more of money, add verbs of their own to this command.
"""

import os
from argparse import ArgumentTypeError
from datetime import UTC, date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tamizdat.ledger import beancount, books, extracts, spreadsheet
from tamizdat.ledger.extracts import Extract, Format, NoSuchDays

FORMATS: dict[str, Format] = {"csv": spreadsheet.write, "beancount": beancount.write}


class Command(BaseCommand):
    help = "The books: for an accountant, checked, compared with providers, fed by statements."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_verbs(parser.add_subparsers(dest="verb", required=True))

    def add_verbs(self, verbs: Any) -> None:
        export = verbs.add_parser("export", help="write the entries of some days into a file")
        export.add_argument("out", type=Path, metavar="OUT", help="a file that is not there yet")
        export.add_argument("--from", type=_day, dest="first", metavar="YYYY-MM-DD")
        export.add_argument("--to", type=_day, dest="last", metavar="YYYY-MM-DD")
        export.add_argument("--format", choices=FORMATS, default="csv")
        verbs.add_parser("check", help="add up every line, and compare with what reports say")

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "check":
            return self.check_sums()
        return self.export(**{name: options[name] for name in ("out", "first", "last", "format")})

    def export(self, *, out: Path, first: date | None, last: date | None, format: str) -> None:
        whole = extracts.days_of_the_books(today=timezone.now().astimezone(UTC).date())
        try:
            extract = Extract(first or whole.first, last or whole.last)
        except NoSuchDays as error:
            raise CommandError(f"There are no such days: {error}.") from None
        try:
            _write(out, extract, FORMATS[format])
        except FileExistsError:
            raise CommandError(f"{out} is there already. Choose another name.") from None
        except OSError as trouble:
            raise CommandError(f"{out} cannot be written: {trouble.strerror}.") from None
        self.stdout.write(f"{out}: the books from {extract.first} to {extract.last}, UTC.")

    def check_sums(self) -> None:
        if not books.are_added_up_right():
            raise CommandError(
                "The sums that reports read are not those of the lines: someone has altered the "
                "database. Find out who; the entries themselves are in `tamizdat books export`."
            )
        if not books.do_balance():
            raise CommandError("The books do not balance: someone has altered the database.")
        self.stdout.write("Every line was added up: reports say what the lines say, and balance.")


def _write(out: Path, extract: Extract, form: Format) -> None:
    """Raises FileExistsError. A file that is not finished never has its name."""
    unfinished = out.with_name(f"{out.name}.unfinished")
    if out.exists():
        raise FileExistsError(out)
    readable_by_us = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(readable_by_us, "w", encoding="utf-8", newline="") as file:
        file.writelines(form(extract))
    unfinished.rename(out)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day, such as 2026-12-31") from None
