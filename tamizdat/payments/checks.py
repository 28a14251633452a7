from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from tamizdat.payments.providers import registry

AT_HOME = ("localhost", "127.0.0.1", "::1")
SECRET_KEYS = ("sk_test_", "rk_test_", "sk_live_", "rk_live_")


def readers_can_pay(**_: object) -> list[CheckMessage]:
    if registry.all_of_them():
        return []
    return [
        Warning(
            "There is no way to pay: readers cannot give.",
            hint="Set demo_bank.address to try giving with pretend money.",
            id="payments.W001",
        )
    ]


def the_demo_bank_is_not_for_production(**_: object) -> list[CheckMessage]:
    if not (_is_public() and settings.DEMO_BANK_ADDRESS):
        return []
    return [
        Warning(
            "Readers of a public site are sent to the demo bank, which takes no real money.",
            hint='Set demo_bank.address to "" once there is a real way to pay.',
            id="payments.W002",
        )
    ]


def the_key_of_stripe_is_the_right_one(**_: object) -> list[CheckMessage]:
    if not settings.STRIPE_ENABLED:
        return []
    if not settings.STRIPE_KEY.startswith(SECRET_KEYS):
        return [
            Error(
                "stripe.key is no secret key of Stripe: those begin with sk_ or rk_.",
                hint="Copy it from Stripe's dashboard, under Developers, into the file.",
                id="payments.E001",
            )
        ]
    if _is_public() and "_test_" in settings.STRIPE_KEY:
        return [
            Warning(
                "Readers of a public site pay with a test key of Stripe: no real card works.",
                hint="Run `tamizdat provider check stripe`, then put the live key into the file.",
                id="payments.W003",
            )
        ]
    return []


def _is_public() -> bool:
    return urlsplit(settings.SITE_ADDRESS).hostname not in AT_HOME
