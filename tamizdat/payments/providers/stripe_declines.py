"""What Stripe's decline codes mean to us.

From docs.stripe.com/declines/codes, and the codes after which its own retries stop
(docs.stripe.com/billing/revenue-recovery/smart-retries). A code that is in neither table keeps
its name and may be tried again: the schedule tries three times and then stops by itself.
"""

from collections.abc import Mapping
from typing import Any

# Asking this card again cannot help, and card networks fine those who do.
HARD = frozenset(
    [
        "card_not_supported",
        "currency_not_supported",
        "do_not_try_again",
        "fraudulent",  # Stripe's own rules, those of Radar among them, say so too
        "highest_risk_level",
        "incorrect_number",
        "invalid_account",
        "invalid_number",
        "lost_card",
        "pickup_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    ]
)

# Those that are one thing to a reader. Lost and stolen are never told apart to whoever holds it.
OURS = {
    "lost_card": "stolen_card",
    "pickup_card": "stolen_card",
    "card_velocity_exceeded": "insufficient_funds",
    "withdrawal_count_limit_exceeded": "insufficient_funds",
    "authentication_not_handled": "authentication_required",
    "payment_intent_authentication_failure": "authentication_failed",
}

# Soft, though the same card without its reader is refused again: the mail asks the reader to
# enter it once more, and this time the bank's question is answered.
AUTHENTICATION = "authentication_required"


def reason_of(error: Mapping[str, Any]) -> tuple[str, bool]:
    """Our code, and whether never to try again, from `last_payment_error` or an answer of 402."""
    code = str(error.get("decline_code") or error.get("code") or "refused_by_provider")[:60]
    is_hard = code in HARD or error.get("advice_code") == "do_not_try_again"
    ours = OURS.get(code, code)
    return ours, is_hard and ours != AUTHENTICATION
