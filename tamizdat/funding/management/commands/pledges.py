"""`tamizdat pledges import | move`: monthly and yearly gifts that began elsewhere go on here."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import IO, TypeVar, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import track

from tamizdat.funding import importing, moving
from tamizdat.funding.importing import BadFile, BadRow, Elsewhere
from tamizdat.funding.models import Pledge
from tamizdat.payments.errors import NotSetUp, Unreachable
from tamizdat.payments.models import Instrument
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Provider

Thing = TypeVar("Thing")


class Command(BaseCommand):
    help = "Take in pledges that began elsewhere, or charge them at another provider from now on."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        take = verbs.add_parser("import", help="from a CSV file, with the tokens of kept cards")
        take.add_argument("--provider", required=True, metavar="CODE", help="who keeps the cards")
        take.add_argument("--tell", action="store_true", help="mail each supporter their link")
        move = verbs.add_parser("move", help="to another provider, to which cards were handed over")
        move.add_argument("--from", dest="source", required=True, metavar="CODE")
        move.add_argument("--to", dest="provider", required=True, metavar="CODE")
        for verb in (take, move):
            verb.add_argument("file", type=Path)
            verb.add_argument("--dry-run", action="store_true", help="look, ask, write nothing")

    def handle(
        self, *, verb: str, provider: str, file: Path, dry_run: bool, **more: object
    ) -> None:
        self.counts: Counter[str] = Counter()
        bank = _provider(provider)
        try:
            with closing(file.open(encoding="utf-8-sig", newline="")) as text:
                if verb == "import":
                    self.take_in(text, bank, dry_run=dry_run, is_told=bool(more["tell"]))
                else:
                    source = _source(str(more["source"]))
                    self.move(moving.read(text), source, bank, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is no UTF-8 text. Save it as CSV UTF-8.") from error
        except BadFile as error:
            raise CommandError(str(error)) from error
        self.say_how_it_went(dry_run=dry_run)

    def take_in(self, text: IO[str], bank: Provider, *, dry_run: bool, is_told: bool) -> None:
        rows = list(importing.read(text, language=settings.LANGUAGE_CODE))
        for line, row in self.watch(rows):
            self.attempt(f"line {line}", partial(self.take, row, bank, dry_run, is_told))

    def take(self, row: Elsewhere | BadRow, bank: Provider, dry_run: bool, is_told: bool) -> str:
        now = timezone.now()
        if isinstance(row, BadRow):
            raise row
        if dry_run and not importing.is_known(row, provider=bank):
            importing.country_of(row, provider=bank, now=now)
            return "taken in"
        is_new = not dry_run and importing.take_in(row, provider=bank, now=now, is_told=is_told)
        return "taken in" if is_new else "known already"

    def move(self, tokens: dict[str, str], source: str, bank: Provider, *, dry_run: bool) -> None:
        pledges = Pledge.objects.filter(state__in=Pledge.CHARGEABLE, instrument__provider=source)
        for pledge in self.watch(list(pledges.select_related("instrument").order_by("pk"))):
            self.attempt(str(pledge), partial(_move, pledge, tokens, bank, dry_run))

    def attempt(self, what: str, do: Callable[[], str]) -> None:
        try:
            self.counts[do()] += 1
        except BadRow as error:
            self.counts["left out"] += 1
            self.stdout.write(f"{what}: {error}")
        except Unreachable:
            self.counts["left out"] += 1
            self.stdout.write(f"{what}: the provider does not answer. Run this again.")

    def watch(self, things: Sequence[Thing]) -> Iterable[Thing]:
        console = Console(file=cast(IO[str], self.stdout), soft_wrap=True, highlight=False)
        return track(things, "Asking the provider", console=console)

    def say_how_it_went(self, *, dry_run: bool) -> None:
        words = ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))
        would = "It would be: " if dry_run else ""
        self.stdout.write(f"{would}{words or 'nothing to do'}.")
        if self.counts["left out"]:
            raise CommandError("Put right what was left out and run this again: the rest is known.")


def _move(pledge: Pledge, tokens: dict[str, str], bank: Provider, dry_run: bool) -> str:
    token = tokens.get(pledge.instrument.token) if pledge.instrument else None
    if token is None:
        raise BadRow("its card is not in the file. Its supporter must name one anew.")
    now = timezone.now()
    if dry_run:
        moving.country_of(pledge, token, provider=bank, now=now)
    else:
        moving.move(pledge, token, provider=bank, now=now)
    return "moved"


def _source(code: str) -> str:
    """Of cards that are kept; it need not be set up any more."""
    known = Instrument.objects.providers()
    if code not in known:
        raise CommandError(f"No card here is of {code}; these are: {', '.join(sorted(known))}.")
    return code


def _provider(code: str) -> Provider:
    try:
        return registry.get(code)
    except NotSetUp as error:
        known = ", ".join(bank.code for bank in registry.all_of_them()) or "none"
        raise CommandError(f"{code} is not set up here; these are: {known}.") from error
