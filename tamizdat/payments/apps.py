from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register

from tamizdat.payments import checks
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.demo import DemoBank


class PaymentsConfig(AppConfig):
    name = "tamizdat.payments"

    def ready(self) -> None:
        if settings.DEMO_BANK_ADDRESS:
            registry.register(DemoBank(settings.DEMO_BANK_ADDRESS, settings.DEMO_BANK_SECRET))
        register(checks.readers_can_pay)
        register(checks.the_demo_bank_is_not_for_production)
