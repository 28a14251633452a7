from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register

from tamizdat.payments import checks, transfer_accounts
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Provider
from tamizdat.payments.providers.btcpay import BTCPay
from tamizdat.payments.providers.btcpay_line import Line
from tamizdat.payments.providers.demo import DemoBank


class PaymentsConfig(AppConfig):
    name = "tamizdat.payments"

    def ready(self) -> None:
        """The first that takes a way to pay is the one that is asked: those of real money first."""
        if settings.STRIPE_ENABLED:
            registry.register(_stripe())
        if settings.PAYPAL_ENABLED:
            registry.register(_paypal())
        if settings.BTCPAY_ENABLED:
            registry.register(_btcpay())
        if settings.DEMO_BANK_ADDRESS:
            registry.register(DemoBank(settings.DEMO_BANK_ADDRESS, settings.DEMO_BANK_SECRET))
        if accounts := transfer_accounts.usable():
            # Here, since the models that it reads are not there when this file is.
            from tamizdat.payments.transfer import Transfer

            origin = settings.GIVE_ADDRESS or settings.SITE_ADDRESS
            registry.register(Transfer(accounts, page_origin=origin))
        register(checks.readers_can_pay)
        register(checks.the_demo_bank_is_not_for_production)
        register(checks.the_key_of_stripe_is_the_right_one)
        register(checks.real_money_goes_to_the_provider_itself)
        register(checks.transfers_reach_us)
        register(checks.paypal_is_set_up_whole)
        register(checks.the_line_to_btcpay_is_private)


def _stripe() -> Provider:
    # Only where it is used: its SDK adds a third to the time in which we start.
    from tamizdat.payments.providers.stripe import Stripe
    from tamizdat.payments.providers.stripe_line import ADDRESS

    return Stripe(
        settings.STRIPE_KEY,
        settings.STRIPE_HOOK_SECRET,
        address=settings.STRIPE_ADDRESS or ADDRESS,
        rates=settings.STRIPE_RATES,
    )


def _btcpay() -> BTCPay:
    line = Line(
        settings.BTCPAY_API_ADDRESS or settings.BTCPAY_ADDRESS,
        settings.BTCPAY_KEY,
        proxy=settings.BTCPAY_PROXY,
    )
    return BTCPay(
        line,
        settings.BTCPAY_HOOK_SECRET,
        store=settings.BTCPAY_STORE,
        address=settings.BTCPAY_ADDRESS,
        currencies=frozenset(settings.BTCPAY_CURRENCIES),
    )


def _paypal() -> Provider:
    from tamizdat.payments.providers.paypal import PayPal  # only where it is used, as above
    from tamizdat.payments.providers.paypal_line import LIVE, SANDBOX, App

    return PayPal(
        App(
            settings.PAYPAL_CLIENT_ID,
            settings.PAYPAL_SECRET,
            settings.PAYPAL_WEBHOOK_ID,
            address=settings.PAYPAL_ADDRESS or (SANDBOX if settings.PAYPAL_SANDBOX else LIVE),
            brand=settings.PAYPAL_BRAND,
        ),
        rates=settings.PAYPAL_RATES,
    )
