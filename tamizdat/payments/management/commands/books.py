"""`tamizdat books reconcile`: compare the books with what providers say, now."""

from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from tamizdat.ledger.management.commands import books
from tamizdat.lib.money import Money
from tamizdat.payments import awaiting, booking, differing, reconciling
from tamizdat.payments.errors import NotSetUp, Unreachable
from tamizdat.payments.models import Difference
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Provider


class Command(books.Command):
    def add_verbs(self, verbs: Any) -> None:
        super().add_verbs(verbs)
        reconcile = verbs.add_parser("reconcile", help="ask, compare, book, and say what differs")
        reconcile.add_argument("--provider", metavar="CODE", help="only this one")
        reconcile.add_argument(
            "--since", type=date.fromisoformat, metavar="DAY", help="read again from this day on"
        )

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "reconcile":
            return self.reconcile(options["provider"], options["since"])
        return super().handle(verb=verb, **options)

    def reconcile(self, provider: str | None, since: date | None) -> None:
        start = datetime(since.year, since.month, since.day, tzinfo=UTC) if since else None
        now, left = timezone.now(), 0
        for each in self._providers(provider):
            try:
                outcome = reconciling.reconcile(each, since=start, now=now)
            except Unreachable as error:
                raise CommandError(f"{each.code} does not answer. Nothing is lost.") from error
            left += outcome.differences
            self.stdout.write(f"{each.code}: {outcome.lines} new lines")
        awaiting.keep_up(now=now)
        left += Difference.objects.open().filter(provider=booking.BANK).count()
        self._tell_standings()
        self._tell_payouts()
        if left:
            raise CommandError(f"{left} not explained: see Money, Reconciliation in the desk.")
        self.stdout.write("Every line is explained.")

    def _providers(self, code: str | None) -> list[Provider]:
        try:
            return [registry.get(code)] if code else registry.all_of_them()
        except NotSetUp:
            raise CommandError(f"{code} is not set up here.") from None

    def _tell_standings(self) -> None:
        for row in differing.standings():
            self.stdout.write(
                f"  {row.provider} {row.ours.currency}: books {_figure(row.ours)}, "
                f"account {_figure(row.theirs)}, difference {_figure(row.difference)}, "
                f"not explained {_figure(row.unexplained)}"
            )

    def _tell_payouts(self) -> None:
        for row in awaiting.standings():
            self.stdout.write(
                f"  payouts {row.sent.currency}: sent {_figure(row.sent)}, "
                f"arrived {_figure(row.arrived)}, on their way {_figure(row.on_its_way)}, "
                f"late {_figure(row.late)}"
            )


def _figure(money: Money) -> str:
    return str(money.major)
