from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from tamizdat.payments.providers import registry

AT_HOME = ("localhost", "127.0.0.1", "::1")


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
    is_public = urlsplit(settings.SITE_ADDRESS).hostname not in AT_HOME
    if not (is_public and settings.DEMO_BANK_ADDRESS):
        return []
    return [
        Warning(
            "Readers of a public site are sent to the demo bank, which takes no real money.",
            hint='Set demo_bank.address to "" once there is a real way to pay.',
            id="payments.W002",
        )
    ]
