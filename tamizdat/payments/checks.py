from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from tamizdat.lib.hosts import is_at_home, is_private
from tamizdat.payments import transfer_accounts
from tamizdat.payments.providers import registry

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


def real_money_goes_to_the_provider_itself(**_: object) -> list[CheckMessage]:
    """Whoever answers at another address is sent our keys."""
    elsewhere = {
        "stripe.address": settings.STRIPE_ENABLED and settings.STRIPE_ADDRESS,
        "paypal.address": settings.PAYPAL_ENABLED and settings.PAYPAL_ADDRESS,
    }
    return [
        Error(
            f"The site is public, and {name} is a server for tests: {address}.",
            hint=f"Take {name} out of tamizdat.toml.",
            id="payments.E012",
        )
        for name, address in elsewhere.items()
        if address and _is_public()
    ]


def transfers_reach_us(**_: object) -> list[CheckMessage]:
    """Where one of these is wrong, readers are not offered that currency at all."""
    return [
        Error(problem.says, hint=problem.remedy, id="payments.E010")
        for problem in transfer_accounts.problems()
    ]


def paypal_is_set_up_whole(**_: object) -> list[CheckMessage]:
    if not settings.PAYPAL_ENABLED:
        return []
    if not (settings.PAYPAL_CLIENT_ID and settings.PAYPAL_WEBHOOK_ID):
        return [
            Error(
                "PayPal needs paypal.client_id and paypal.webhook_id.",
                hint="Both are shown with your app at developer.paypal.com.",
                id="payments.E011",
            )
        ]
    if _is_public() and settings.PAYPAL_SANDBOX:
        return [
            Warning(
                "Readers of a public site are sent to PayPal's sandbox: no real account works.",
                hint="Run `tamizdat provider check paypal`, then set paypal.sandbox to off.",
                id="payments.W011",
            )
        ]
    return []


def the_line_to_btcpay_is_private(**_: object) -> list[CheckMessage]:
    """The key goes along that line, and readers' browsers along the other."""
    if not settings.BTCPAY_ENABLED:
        return []
    messages: list[CheckMessage] = []
    if not (settings.BTCPAY_ADDRESS and settings.BTCPAY_STORE):
        messages.append(
            Error(
                "BTCPay is enabled, and btcpay.address or btcpay.store says nothing.",
                hint="docs/providers.md says where to find them.",
                id="payments.E002",
            )
        )
    addresses = (settings.BTCPAY_ADDRESS, settings.BTCPAY_API_ADDRESS)
    if open_ones := [address for address in addresses if address and not is_private(address)]:
        messages.append(
            Warning(
                f"{' and '.join(open_ones)} is http: on the way anyone can change who is paid.",
                hint="Use https, or an onion address with btcpay.proxy.",
                id="payments.W004",
            )
        )
    if ".onion" in "".join(addresses) and not settings.BTCPAY_PROXY:
        messages.append(
            Warning(
                "BTCPay is asked at an onion address, and btcpay.proxy leads to no Tor.",
                hint='Set btcpay.proxy = "socks5h://127.0.0.1:9050" where Tor listens.',
                id="payments.W005",
            )
        )
    return messages


def _is_public() -> bool:
    return not is_at_home(settings.SITE_ADDRESS)
