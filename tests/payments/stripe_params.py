"""What may be asked of Stripe, by the types of its own SDK, which are made from its OpenAPI."""

import importlib
import re
from functools import cache

ASKED = {
    "checkout/sessions": "checkout._session_create_params.SessionCreateParams",
    "checkout/sessions/ID": "checkout._session_update_params.SessionUpdateParams",
    "checkout/sessions/ID/expire": "checkout._session_expire_params.SessionExpireParams",
    "customers": "_customer_create_params.CustomerCreateParams",
    "payment_methods/ID/detach": "_payment_method_detach_params.PaymentMethodDetachParams",
    "payment_methods/ID/attach": "_payment_method_attach_params.PaymentMethodAttachParams",
    "payment_intents": "_payment_intent_create_params.PaymentIntentCreateParams",
    "payment_intents/ID/confirm": "_payment_intent_confirm_params.PaymentIntentConfirmParams",
    "payment_intents/ID/capture": "_payment_intent_capture_params.PaymentIntentCaptureParams",
    "payment_intents/ID/cancel": "_payment_intent_cancel_params.PaymentIntentCancelParams",
    "refunds": "_refund_create_params.RefundCreateParams",
}
READ = {
    "refunds": "_refund_list_params.RefundListParams",
    "disputes": "_dispute_list_params.DisputeListParams",
    "balance_transactions": "_balance_transaction_list_params.BalanceTransactionListParams",
}


def nested(form):
    """`{"a[b][]": …}` as Stripe's form encoding means it; lists are dicts by number."""
    whole = {}
    for name, value in form.items():
        head, *rest = re.findall(r"[^\[\]]+", name)
        place = whole
        for part in rest:
            place, head = place.setdefault(head, {}), part
        place[head] = value
    return whole


def unknown(verb, path, asked):
    """The parameters that Stripe does not know, or misses."""
    known = {"POST": ASKED, "GET": READ}.get(verb, {})
    if path not in known:
        return []
    module, _, name = known[path].rpartition(".")
    return sorted(_unknown(f"stripe.params.{module}", (name,), asked))


def _unknown(module, names, asked):
    types = [getattr(importlib.import_module(module), name) for name in names]
    known = {field: str(kind) for one in types for field, kind in one.__annotations__.items()}
    needed = set().union(*(one.__required_keys__ for one in types if len(types) == 1))
    yield from (f"missing {field}" for field in needed - asked.keys() if _is_required(known[field]))
    for field, value in asked.items():
        if field not in known:
            yield field
        elif inner := _classes(module, known[field]):
            yield from (f"{field}.{one}" for one in _unknown(module, inner, value))
        elif "Dict[str, str]" in known[field]:
            continue
        elif choices := re.findall(r"Literal\[([^\]]*)\]", known[field]):
            values = value.values() if isinstance(value, dict) else [value]
            allowed = ",".join(choices)
            yield from (f"{field}={one}" for one in values if f"'{one}'" not in _quoted(allowed))


def _is_required(kind):
    return "NotRequired" not in kind


def _quoted(text):
    return text.replace('"', "'") + "'true''false'"


@cache
def _classes(module, kind):
    found = re.findall(r"\w+Params[A-Z]\w*", kind)
    return tuple(name for name in found if hasattr(importlib.import_module(module), name))
