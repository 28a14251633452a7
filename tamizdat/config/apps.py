from django.apps import AppConfig
from django.core.checks import register

from tamizdat.config import checks


class ConfigConfig(AppConfig):
    name = "tamizdat.config"

    def ready(self) -> None:
        register(checks.public_addresses_are_encrypted)
