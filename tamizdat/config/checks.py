from django.conf import settings
from django.core.checks import CheckMessage, Warning

from tamizdat.lib.hosts import is_private

ADDRESSES = {"site.address": "SITE_ADDRESS", "give.address": "GIVE_ADDRESS",
             "desk.address": "DESK_ADDRESS"}  # fmt: skip


def public_addresses_are_encrypted(**_: object) -> list[CheckMessage]:
    plain = [
        name
        for name, setting in ADDRESSES.items()
        if (address := getattr(settings, setting)) and not is_private(address)
    ]
    return [
        Warning(
            f"{name} is http: anyone on the way can read and change what passes.",
            hint=f"Put a certificate in front and write https:// in {name}.",
            id="config.W001",
        )
        for name in plain
    ]
