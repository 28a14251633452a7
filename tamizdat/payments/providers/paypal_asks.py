"""What we ask PayPal for: a sum, a key, a language and where to send the reader. Nothing else."""

from typing import Any

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined
from tamizdat.payments.providers.base import Order, Page
from tamizdat.payments.providers.paypal_amounts import CannotBeWritten, to_paypal
from tamizdat.payments.providers.paypal_answers import A_PAGE

LOCALES = (  # five letters each; PayPal speaks no Persian
    "ar-EG cs-CZ da-DK de-DE el-GR en-US es-ES fi-FI fr-FR he-IL hu-HU id-ID it-IT ja-JP ko-KR "
    "nl-NL no-NO pl-PL pt-PT ru-RU sk-SK sv-SE th-TH tr-TR zh-CN"
)


def asking_for_page(order: Order, page: Page, *, brand: str) -> dict[str, Any]:
    """An order that its reader approves at PayPal. Nobody captures it but us."""
    context = {
        "return_url": page.return_url,
        "cancel_url": page.return_url,
        "shipping_preference": "NO_SHIPPING",
        "user_action": "PAY_NOW",
        "landing_page": "LOGIN",
        "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",  # no cheques
        "locale": _locale(page.language),
    }
    wallet: dict[str, Any] = {"experience_context": context}
    if brand:
        context["brand_name"] = brand
    if page.keep_instrument:
        vault = {
            "store_in_vault": "ON_SUCCESS",
            "usage_type": "MERCHANT",
            "customer_type": "CONSUMER",
            "permit_multiple_payment_tokens": True,
        }
        wallet["attributes"] = {"vault": vault}
    return asking_for(order, reference=A_PAGE) | {"payment_source": {"paypal": wallet}}


def asking_for(order: Order, *, reference: str) -> dict[str, Any]:
    """Without a source, so that making it takes nothing."""
    unit = {
        "reference_id": reference,
        "amount": written(order.money),
        "custom_id": order.key,
        "invoice_id": order.key,
    }
    return {"intent": "CAPTURE", "purchase_units": [unit]}


def written(money: Money) -> dict[str, str]:
    try:
        return to_paypal(money)
    except CannotBeWritten as error:
        raise Declined("amount_not_possible", is_hard=False) from error


def _locale(language: str) -> str:
    short = language.partition("-")[0]
    return next((one for one in LOCALES.split() if one.startswith(f"{short}-")), "en-US")
