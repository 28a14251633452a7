from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register

from tamizdat.payments import checks
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.demo import DemoBank


class PaymentsConfig(AppConfig):
    name = "tamizdat.payments"

    def ready(self) -> None:
        """The first that takes a way to pay is the one that is asked: those of real money first."""
        if settings.STRIPE_ENABLED:
            # Only where it is used: its SDK adds a third to the time in which we start.
            from tamizdat.payments.providers.stripe import Stripe

            registry.register(Stripe(settings.STRIPE_KEY, settings.STRIPE_HOOK_SECRET))
        if settings.DEMO_BANK_ADDRESS:
            registry.register(DemoBank(settings.DEMO_BANK_ADDRESS, settings.DEMO_BANK_SECRET))
        register(checks.readers_can_pay)
        register(checks.the_demo_bank_is_not_for_production)
        register(checks.the_key_of_stripe_is_the_right_one)
