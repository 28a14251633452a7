import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tamizdat.editions import signing
from tamizdat.editions.tree import WORKSHOP
from tamizdat.lib import verifying


class Command(BaseCommand):
    help = "Check any copy of the site, at an address or in a folder, against what we signed."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("where", metavar="URL|DIR")
        parser.add_argument("--key", help="a public key, or a file with it; else our own")
        parser.add_argument(
            "--at-least", type=int, default=0, help="the last edition you have seen"
        )
        parser.add_argument("--allow-expired", action="store_true", help="for an old copy")

    def handle(self, *, where: str, key: str | None, **options: Any) -> None:
        is_ours = Path(where).resolve() == Path(settings.SITE_ROOT).resolve()
        try:
            report = verifying.verify(
                verifying.copy_at(where, workshop=WORKSHOP if is_ours else ""),
                verifying.PublicKey.find(key or signing.trusted_key()),
                now=timezone.now(),
                at_least=options["at_least"],
                allow_expired=options["allow_expired"],
            )
        except (verifying.NotOurs, verifying.Unreachable) as error:
            raise CommandError(str(error)) from error
        verifying.describe(report, self.stdout.write)
        if not report.holds:
            sys.exit(1)
