import secrets
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from tamizdat.payments.errors import NotSetUp
from tamizdat.payments.providers import registry

STEPS = {
    "btcpay": "BTCPay is not set up. Put its key into secrets/btcpay.key",
    "stripe": "Stripe is not set up. Put its secret key into secrets/stripe.key",
    "paypal": "PayPal is not set up. Put the secret of your app into secrets/paypal.key",
}


class Command(BaseCommand):
    help = "Look at those who move the money: which are set up, and whether one really works."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="those that are set up")
        check = verbs.add_parser("check", help="try one with its real keys")
        check.add_argument("code", choices=sorted(STEPS))

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "check":
            return self.check_one(options["code"])
        for provider in registry.all_of_them():
            ways = ", ".join(provider.methods)
            self.stdout.write(f"{provider.code}: {ways}; {len(provider.currencies)} currencies")
        return None

    def check_one(self, code: str) -> None:
        try:
            provider = registry.get(code)
        except NotSetUp as error:
            raise CommandError(
                f'{STEPS[code]} and "enabled = true" under [{code}] into tamizdat.toml; '
                "docs/providers.md has the steps."
            ) from error
        path = reverse("payments:hook", args=[code])
        examine = import_module(f"tamizdat.payments.providers.{code}_check").examine
        bad = 0
        for finding in examine(
            provider,
            hook=(settings.GIVE_ADDRESS or settings.SITE_ADDRESS) + path,
            reference=f"check-{secrets.token_hex(6)}",
        ):
            self.stdout.write(("  ok  " if finding.is_good else "  !!  ") + finding.text)
            bad += not finding.is_good
        if bad:
            raise CommandError(f"{bad} of these must be put right before readers give.")
        self.stdout.write("Readers can give. What this cannot show is in docs/providers.md.")
