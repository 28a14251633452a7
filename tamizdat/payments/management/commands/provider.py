import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from tamizdat.payments.providers import registry


class Command(BaseCommand):
    help = "Look at those who move the money: which are set up, and whether one really works."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="those that are set up")
        check = verbs.add_parser("check", help="try one with its real keys")
        check.add_argument("code", choices=["stripe"])

    def handle(self, *, verb: str, **_: Any) -> None:
        if verb == "check":
            return self.check_stripe()
        for provider in registry.all_of_them():
            ways = ", ".join(provider.methods)
            self.stdout.write(f"{provider.code}: {ways}; {len(provider.currencies)} currencies")
        return None

    def check_stripe(self) -> None:
        if not settings.STRIPE_ENABLED:
            raise CommandError(
                'Stripe is not set up. Put its secret key into secrets/stripe.key and "enabled = '
                'true" under [stripe] into tamizdat.toml; docs/providers.md has the steps.'
            )
        from tamizdat.payments.providers.stripe import Stripe  # only where it is used: see apps.py
        from tamizdat.payments.providers.stripe_check import examine

        provider = registry.get("stripe")
        if not isinstance(provider, Stripe):
            raise CommandError("Another provider is registered under the name of Stripe.")
        hook = (settings.GIVE_ADDRESS or settings.SITE_ADDRESS) + reverse(
            "payments:hook", args=["stripe"]
        )
        bad = 0
        for finding in examine(provider, hook=hook, reference=f"check-{secrets.token_hex(6)}"):
            self.stdout.write(("  ok  " if finding.is_good else "  !!  ") + finding.text)
            bad += not finding.is_good
        if bad:
            raise CommandError(f"{bad} of these must be put right before readers give.")
        self.stdout.write("Readers can give. What this cannot show is in docs/providers.md.")
