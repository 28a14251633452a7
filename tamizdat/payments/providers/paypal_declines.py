"""What PayPal's refusals mean to us.

The issues are those of its OpenAPI for capturing an order; the processor's codes are under
`processor_response` there. One that is in no table keeps its name and may be tried again: the
schedule tries three times and then stops by itself.
"""

from collections.abc import Mapping
from typing import Any

# Asking this account again cannot help.
HARD = frozenset(
    [
        "account_closed",
        "card_not_supported",
        "compliance_violation",
        "currency_not_supported",
        "fraudulent",
        "instrument_not_kept",
        "payee_blocked",
        "payer_restricted",
        "security_violation",
        "stolen_card",
        "transaction_not_allowed",
    ]
)

ISSUES = {
    "ACTION_DOES_NOT_MATCH_INTENT": "canceled",  # by us: see paypal.py
    "AGREEMENT_ALREADY_CANCELLED": "instrument_not_kept",  # the payer took it back, at PayPal
    "BILLING_AGREEMENT_NOT_FOUND": "instrument_not_kept",
    "CARD_BRAND_NOT_SUPPORTED": "card_not_supported",
    "CARD_EXPIRED": "expired_card",
    "COMPLIANCE_VIOLATION": "compliance_violation",
    "CURRENCY_NOT_SUPPORTED_FOR_BANK": "currency_not_supported",
    "DOMESTIC_TRANSACTION_REQUIRED": "transaction_not_allowed",
    "DUPLICATE_INVOICE_ID": "key_reused",
    "INSTRUMENT_DECLINED": "card_declined",
    "INVALID_RESOURCE_ID": "unknown_to_provider",
    "MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE": "instrument_not_kept",
    "PAYEE_BLOCKED_TRANSACTION": "payee_blocked",
    "PAYER_ACCOUNT_LOCKED_OR_CLOSED": "account_closed",
    "PAYER_ACCOUNT_RESTRICTED": "payer_restricted",
    "PAYER_ACTION_REQUIRED": "authentication_required",
    "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING": "card_declined",
    "REFERENCED_CARD_EXPIRED": "expired_card",
    "TOKEN_EXPIRED": "instrument_not_kept",
    "TOKEN_ID_NOT_FOUND": "instrument_not_kept",
    "TRANSACTION_BLOCKED_BY_PAYEE": "payee_blocked",
    "TRANSACTION_LIMIT_EXCEEDED": "insufficient_funds",
}

# Where a card stands behind the account. Lost and stolen are never told apart to whoever holds it.
PROCESSOR = {
    "5120": "insufficient_funds",
    "5400": "expired_card",
    "5650": "authentication_required",
    "5930": "card_not_supported",
    "9500": "fraudulent",
    "9510": "security_violation",
    "9520": "stolen_card",
    "PPIF": "insufficient_funds",
}
NEVER_AGAIN = ("01", "03", "21")  # `payment_advice_code`: account closed; do not retry; stopped


def reason_of(error: Mapping[str, Any]) -> tuple[str, bool]:
    """Our code, and whether never to try again, from an answer of 4xx."""
    details = error.get("details") or [{}]
    issue = str(details[0].get("issue") or error.get("name") or "REFUSED_BY_PROVIDER")
    reason = ISSUES.get(issue, issue.lower()[:60])
    return reason, reason in HARD


def reason_of_capture(capture: Mapping[str, Any]) -> tuple[str, bool]:
    """The same, from a capture that is declined."""
    said = capture.get("processor_response") or {}
    reason = PROCESSOR.get(str(said.get("response_code")), "card_declined")
    return reason, reason in HARD or said.get("payment_advice_code") in NEVER_AGAIN
