"""`tamizdat halt --country XX`: take nothing there any more, at once."""

import sys
from collections.abc import Iterable
from typing import IO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import track

from tamizdat.config import halt_reports
from tamizdat.funding import halting
from tamizdat.funding.halting import Report, Scope
from tamizdat.funding.models import HaltOrder
from tamizdat.lib.countries import NotACountry, country_code
from tamizdat.payments.models import Attempt, Instrument
from tamizdat.payments.providers import registry

NOT_ALL_REACHED = 2  # how the command ends


class Command(BaseCommand):
    help = "Stop every future charge of a country's cards, of a provider, or all; say what is so."

    def add_arguments(self, parser: CommandParser) -> None:
        of = parser.add_mutually_exclusive_group()
        of.add_argument("--country", metavar="XX", help="of the bank of the card, such as BY")
        of.add_argument("--provider", metavar="CODE", help="such as demo-bank")
        of.add_argument("--all", action="store_true", help="whatever the country and provider")
        of.add_argument("--lift", type=int, metavar="ID", help="let new gifts be taken again")
        parser.add_argument("--reason", default="", help="why; kept with the order")
        parser.add_argument("--dry-run", action="store_true", help="say what it would find")

    def handle(
        self,
        *,
        country: str | None,
        provider: str | None,
        lift: int | None,
        reason: str,
        dry_run: bool,
        **options: object,
    ) -> None:
        if lift is not None:
            self.lift(lift, reason)
        elif country or provider or options["all"]:
            scope = Scope(country=_country(country), provider=_provider(provider))
            self.rehearse(scope) if dry_run else self.halt(scope, reason)
        else:
            self.list()

    def rehearse(self, scope: Scope) -> None:
        report = halting.rehearse(scope, now=timezone.now())
        self.stdout.write(halt_reports.as_text(report))
        self.stdout.write("Nothing was changed, and no provider was asked.")

    def halt(self, scope: Scope, reason: str) -> None:
        console = Console(file=cast(IO[str], self.stdout), soft_wrap=True, highlight=False)

        def watch(attempts: Iterable[Attempt], count: int) -> Iterable[Attempt]:
            return track(attempts, "Telling the providers", total=count, console=console)

        report = halting.halt(scope, reason=reason, now=timezone.now(), watch=watch)
        file = halt_reports.keep(report)
        self.stdout.write(halt_reports.as_text(report))
        self.stdout.write(f"Halt {report.order} is in force. The signed report: {file}")
        if report.attempts_not_reached:
            self._tell_what_is_left(report)
            sys.exit(NOT_ALL_REACHED)

    def lift(self, number: int, reason: str) -> None:
        if not reason.strip():
            raise CommandError("Say why, with --reason: it is kept with the order.")
        order = HaltOrder.objects.filter(pk=number).first()
        try:
            if order is None:
                raise halting.NotInForce
            halting.lift(order, reason=reason.strip(), now=timezone.now())
        except halting.NotInForce:
            raise CommandError(f"There is no halt {number} in force.") from None
        except halting.NotReached as error:
            raise CommandError(_why_not_lifted(number, error.report)) from None
        self.stdout.write(
            f"Halt {number} is lifted: new gifts are taken again. The pledges that it stopped stay "
            "halted; their supporters may begin anew."
        )

    def list(self) -> None:
        orders = HaltOrder.objects.in_force().order_by("pk")
        for order in orders:
            self.stdout.write(
                f"halt {order.pk} since {order.ordered_at:%Y-%m-%d %H:%M} UTC: {order.of}"
            )
        if not orders:
            self.stdout.write("Nothing is halted.")

    def _tell_what_is_left(self, report: Report) -> None:
        self.stdout.write(
            f"{_attempts(report)} could not be called off: the provider does not answer. What it "
            "was asked for before the halt it may still take; nothing new is asked. `tamizdat "
            "work` tells it again every five minutes; run this command again to see whether all "
            "are reached."
        )


def _why_not_lifted(number: int, report: Report) -> str:
    silent = ", ".join(sorted(report.not_reached))
    return (
        f"Halt {number} stays in force: {_attempts(report)} from before it could not be called "
        f"off ({silent} does not answer), and might be taken once it is lifted. `tamizdat work` "
        "tells the provider again every five minutes; run this again then. One that is not set up "
        "any more must be set up again first."
    )


def _attempts(report: Report) -> str:
    count = report.attempts_not_reached
    return "1 attempt" if count == 1 else f"{count} attempts"


def _country(text: str | None) -> str:
    try:
        return country_code(text) if text else ""
    except NotACountry:
        raise CommandError(
            f"{text} is no country code of two letters (ISO 3166-1), such as GB."
        ) from None


def _provider(text: str | None) -> str:
    known = {provider.code for provider in registry.all_of_them()}
    known |= Instrument.objects.providers()
    if text and text not in known:
        raise CommandError(f"{text} is no provider here. There are: {', '.join(sorted(known))}.")
    return text or ""
