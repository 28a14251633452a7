from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning

AT_HOME = ("localhost", "127.0.0.1", "::1")
ADDRESSES = {"site.address": "SITE_ADDRESS", "give.address": "GIVE_ADDRESS",
             "desk.address": "DESK_ADDRESS"}  # fmt: skip


def public_addresses_are_encrypted(**_: object) -> list[CheckMessage]:
    plain = [
        name
        for name, setting in ADDRESSES.items()
        if (url := urlsplit(getattr(settings, setting))).scheme == "http"
        and url.hostname not in AT_HOME
        and not str(url.hostname).endswith(".onion")
    ]
    return [
        Warning(
            f"{name} is http: anyone on the way can read and change what passes.",
            hint=f"Put a certificate in front and write https:// in {name}.",
            id="config.W001",
        )
        for name in plain
    ]
