"""`tamizdat books statement`: what the bank says, into the books."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from tamizdat.funding import taking_statements
from tamizdat.funding.taking_statements import Done
from tamizdat.payments.management.commands import books
from tamizdat.payments.models import BankLine
from tamizdat.payments.statements import checking
from tamizdat.payments.statements.files import LayoutUnknown
from tamizdat.payments.statements.reading import NotAStatement


class Command(books.Command):
    def add_verbs(self, verbs: Any) -> None:
        super().add_verbs(verbs)
        statement = verbs.add_parser("statement", help="camt.053 or CSV; the same twice is one")
        statement.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "statement":
            return self.take_all(options["files"])
        return super().handle(verb=verb, **options)

    def take_all(self, files: list[Path]) -> None:
        failed = sum(not self.take(file) for file in files)
        self.say_how_it_stands()
        if failed:
            raise CommandError(f"{failed} of {len(files)} files could not be read whole.")

    def take(self, file: Path) -> bool:
        """Whether all that is in the file was read."""
        try:
            done = taking_statements.take(file.read_bytes(), now=timezone.now())
        except OSError as error:
            self.stderr.write(f"{file}: {error.strerror}.")
            return False
        except (NotAStatement, LayoutUnknown) as error:
            self.stderr.write(f"{file}: {error}")
            return False
        self.stdout.write(f"{file}: {in_words(done)}")
        for problem in done.taken.problems:
            self.stderr.write(f"{file}: {problem}")
        return not done.taken.problems

    def say_how_it_stands(self) -> None:
        if waiting := BankLine.objects.waiting().count():
            self.stdout.write(f"{waiting} lines wait for you: Money, Bank statements in the desk.")
        bad = sum(not one.is_good for one in checking.all_of_them())
        if bad:
            self.stdout.write(f"{bad} statements do not add up, or one before them is missing.")


def in_words(done: Done) -> str:
    taken = done.taken
    return (
        f"{taken.lines} new lines, {taken.known} known before, {taken.not_booked} not booked by "
        f"the bank; {done.booked} gifts booked, {done.arrived} payouts found."
    )
