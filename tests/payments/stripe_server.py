"""As much of Stripe as we use, in memory: how its objects move. What it says by HTTP is stripe_web.

It proves that we keep to what Stripe's documents say. It cannot prove that Stripe does.
"""

import copy
import secrets
import threading
import time

from tamizdat.demo.bank import wallet
from tamizdat.demo.bank.dial import Dial
from tests.payments.stripe_afterwards import Afterwards

PAGE_LIFETIME_SECONDS = 24 * 3600
REFERENCES = (
    "setup_intent",
    "payment_method",
    "latest_charge",
    "balance_transaction",
    "source",
)
WORKS = "4000000000000010"
ABSENT = "4000002760003184"  # its bank asks each time, and nobody is there


class Says(Exception):
    def __init__(self, status, **error):
        super().__init__(error)
        self.status, self.error = status, {"type": "invalid_request_error"} | error


class StripeServer(Afterwards):
    def __init__(self, *, clock=time.time):
        self.dial, self.clock = Dial(), clock
        self.pages = "https://checkout.stripe.com"
        self.things, self.notices, self.deleted = {}, [], []
        self.country = "EE"
        self.tells_country = True  # of a card
        self.risk = "normal"  # as Radar sees every card
        self.lock = threading.RLock()

    # --- what a test looks at

    def payments(self):
        names = {
            "succeeded": "succeeded",
            "processing": "pending",
            "canceled": "canceled",
            "requires_confirmation": "ready",
            "requires_capture": "held",
            "requires_payment_method": "declined",
        }
        with self.lock:
            return [
                {"id": p["id"], "key": p["metadata"]["key"], "state": names[p["status"]]}
                for p in self.all_of("pi_")
            ]

    def customers(self):
        return self.all_of("cus_")

    def settle(self, payment_id, *, well=True):
        with self.lock:
            intent = self.things[payment_id]
            if intent["status"] == "processing":
                self._take(intent) if well else self._refuse(intent, "insufficient_funds")

    # --- the reader's side

    def fill_in(self, session_id, number):
        """The reader enters a card. Returns the SetupIntent."""
        with self.lock:
            session = self.page(session_id)
            setup = self.things[session["setup_intent"]]
            holder = wallet.find(number)
            if session["status"] == "open" and (holder or number == ABSENT):
                card = self._card(number)
                setup.update(payment_method=card["id"], status="requires_action")
                if not (holder and holder.asks):
                    self.agree(session_id)
            return setup

    def agree(self, session_id):
        with self.lock:
            session = self.page(session_id)
            setup = self.things[session["setup_intent"]]
            if session["status"] == "open" and setup["payment_method"]:
                setup["status"], session["status"], session["url"] = "succeeded", "complete", None
                session["customer_details"] = {"email": "reader@example.org"}
                self._tell("checkout.session.completed", session)

    # --- the newsroom's side: one method a call

    def create_session(self, *, metadata, success_url, **words):
        if words["mode"] != "setup":
            raise Says(400, code="parameter_invalid", param="mode")
        setup = self._add(
            "seti_", "setup_intent", payment_method=None, status="requires_payment_method"
        )
        session = self._add(
            "cs_test_",
            "checkout.session",
            metadata=metadata,
            mode="setup",
            status="open",
            setup_intent=setup["id"],
            success_url=success_url,
            expires_at=int(self.clock()) + PAGE_LIFETIME_SECONDS,
            customer=None,
            customer_details=None,
            locale=words["locale"],
        )
        session["url"] = f"{self.pages}/c/pay/{session['id']}"
        return session

    def update_session(self, session_id, *, metadata):
        session = self.page(session_id)
        session["metadata"] |= metadata
        return session

    def expire_session(self, session_id):
        session = self.page(session_id)
        if session["status"] != "open":
            raise Says(400, message="Only Checkout Sessions with a status in [open] can expire.")
        return self._expire(session)

    def create_customer(self, *, metadata):
        return self._add("cus_", "customer", metadata=metadata, email=None, name=None)

    def attach(self, method_id, *, customer):
        card = self._card(WORKS) if method_id == "pm_card_visa" else self.get(method_id)
        if card["customer"] not in (None, customer):
            raise Says(400, message="already attached to another customer")
        card["customer"] = self.get(customer)["id"]
        return card

    def detach(self, method_id):
        card = self.get(method_id)
        card["customer"] = None
        return card

    def list_cards(self, customer_id, **page):
        return self._listed("payment_methods", self._cards_of(customer_id), **page)

    def _cards_of(self, customer_id):
        customer = self.get(customer_id)["id"]
        return [card for card in self.all_of("pm_") if card["customer"] == customer]

    def delete_customer(self, customer_id):
        for card in self._cards_of(customer_id):
            card["customer"] = None
        self.deleted.append(self.things.pop(customer_id))
        return {"id": customer_id, "object": "customer", "deleted": True}

    def create_intent(
        self, *, amount, currency, customer, payment_method, metadata, capture_method, **_
    ):
        card = self.get(payment_method, param="payment_method")
        if card["customer"] != self.get(customer, param="customer")["id"]:
            raise Says(400, message="the payment method belongs to somebody else")
        return self._add(
            "pi_",
            "payment_intent",
            amount=int(amount),
            currency=currency,
            customer=customer,
            payment_method=payment_method,
            metadata=metadata,
            status="requires_confirmation",
            capture_method=capture_method,
            last_payment_error=None,
            latest_charge=None,
            cancellation_reason=None,
            receipt_email=None,
            description=None,
        )

    def confirm_intent(self, intent_id, **_):
        intent = self.get(intent_id)
        if intent["status"] != "requires_confirmation":
            raise Says(400, code="payment_intent_unexpected_state")
        card = self.get(intent["payment_method"])
        if refusal := self._refusal(card, intent):
            error = self._refuse(intent, refusal)
            raise Says(402, **error, payment_intent=self._plain(intent))
        if self.dial.strikes("pend"):
            intent["status"] = "processing"
            return intent
        intent["latest_charge"] = self._charge(intent)["id"]
        if intent["capture_method"] == "manual":
            intent["status"] = "requires_capture"
            return intent
        return self._take(intent)

    def capture_intent(self, intent_id, **_):
        intent = self.get(intent_id)
        if intent["status"] != "requires_capture":
            raise Says(400, code="payment_intent_unexpected_state")
        return self._take(intent)

    def cancel_intent(self, intent_id, *, cancellation_reason=None):
        intent = self.get(intent_id)
        if not intent["status"].startswith("requires_"):
            raise Says(400, code="payment_intent_unexpected_state")
        intent.update(status="canceled", cancellation_reason=cancellation_reason)
        self._tell("payment_intent.canceled", intent)
        return intent

    def create_refund(self, *, payment_intent, amount, metadata):
        intent, amount = self.get(payment_intent), int(amount)
        refunds = self._refunds_of(payment_intent)
        given = sum(refund["amount"] for refund in refunds if refund["status"] == "succeeded")
        if intent["status"] != "succeeded":
            raise Says(400, code="charge_already_refunded")
        charge = self._charge_of(payment_intent)
        if not 0 < amount <= intent["amount"] - given - charge["_disputed"]:
            raise Says(400, code="charge_already_refunded")
        refund = self._add(
            "re_",
            "refund",
            payment_intent=payment_intent,
            amount=amount,
            currency=intent["currency"],
            metadata=metadata,
            status="succeeded",
        )
        charge["amount_refunded"] += amount
        refund["balance_transaction"] = self._move("refund", refund, -amount)["id"]
        self._tell("charge.refunded", charge)
        return refund

    # --- how it keeps its things

    def _add(self, prefix, kind, **fields):
        thing_id = f"{prefix}{secrets.token_hex(12)}"
        thing = {"id": thing_id, "object": kind, "created": int(self.clock())} | fields
        self.things[thing_id] = thing
        return thing

    def get(self, thing_id, *, param="id"):
        if thing_id not in self.things:
            raise Says(404 if param == "id" else 400, code="resource_missing", param=param)
        return self.things[thing_id]

    def page(self, session_id):
        session = self.get(session_id)
        if session["status"] == "open" and session["expires_at"] <= self.clock():
            self._expire(session)
        return session

    def _expire(self, session):
        session.update(status="expired", url=None)
        self._tell("checkout.session.expired", session)
        return session

    def all_of(self, prefix):
        return [thing for thing_id, thing in self.things.items() if thing_id.startswith(prefix)]

    def _refunds_of(self, payment_intent):
        return [r for r in self.all_of("re_") if r["payment_intent"] == payment_intent]

    def keep(self, number):
        """A card that another system had kept here, as our token for it."""
        card, customer = self._card(number), self.create_customer(metadata={})
        card["customer"] = customer["id"]
        return f"{customer['id']}/{card['id']}"

    def subscribe(self, token, *, ends=False):
        """Stripe's own schedule charges it, as an earlier system had it."""
        customer = token.partition("/")[0]
        self._add("sub_", "subscription", customer=customer, cancel_at_period_end=ends)

    def list_subscriptions(self, *, customer, **page):
        found = [each for each in self.all_of("sub_") if each["customer"] == customer]
        return self._listed("subscriptions", found, **page)

    def _card(self, number):
        holder = wallet.find(number)
        return self._add(
            "pm_",
            "payment_method",
            type="card",
            customer=None,
            card={
                "country": self._issuer(holder),
                "exp_month": 7,
                "exp_year": 2031,
                "fingerprint": f"fp_{number[-6:]}",
            },
            billing_details={"email": "reader@example.org", "name": None},
            _holder=number,
            _refusals=holder.later_refusals if holder else 0,
        )

    def _issuer(self, holder):
        return (holder.country if holder else "FR") if self.tells_country else None

    def _refusal(self, card, intent):
        if self.dial.strikes("decline"):
            return "insufficient_funds"
        if card["_holder"] == ABSENT:
            return "authentication_required"
        holder, is_alone = wallet.find(card["_holder"]), intent["metadata"]["card"] == "kept"
        if is_alone and card["_refusals"]:
            card["_refusals"] -= 1
            return "insufficient_funds"
        return "authentication_required" if is_alone and holder.asks_always else holder.refusal

    def _refuse(self, intent, refusal):
        is_code = refusal == "authentication_required"
        error = {
            "type": "card_error",
            "code": refusal if is_code else "card_declined",
            "decline_code": refusal,
            "message": "No.",
        }
        intent.update(
            status="requires_payment_method", payment_method=None, last_payment_error=error
        )
        self._tell("payment_intent.payment_failed", intent)
        return error

    def _take(self, intent):
        charge = self.things.get(intent["latest_charge"]) or self._charge(intent)
        charge["balance_transaction"] = self._earn(charge)["id"]
        intent.update(status="succeeded", latest_charge=charge["id"])
        self._tell("payment_intent.succeeded", intent)
        return intent

    def _charge(self, intent):
        return self._add(
            "ch_",
            "charge",
            payment_intent=intent["id"],
            amount=intent["amount"],
            currency=intent["currency"],
            amount_refunded=0,
            disputed=False,
            balance_transaction=None,
            outcome={"risk_level": self.risk},
            _disputed=0,
        )

    def _tell(self, kind, thing):
        if self.dial.strikes("lose"):
            return
        event = {
            "id": f"evt_{secrets.token_hex(12)}",
            "object": "event",
            "type": kind,
            "data": {"object": self._plain(thing)},
        }
        self.notices += [event] * (2 if self.dial.strikes("duplicate") else 1)

    def _plain(self, thing):
        return {name: copy.deepcopy(v) for name, v in thing.items() if not name.startswith("_")}

    def shown(self, thing, expand):
        shown = self._plain(thing)
        if thing["object"] == "list":
            paths = [path.removeprefix("data.") for path in expand]
            return shown | {"data": [self.shown(each, paths) for each in thing["data"]]}
        if self.keeps_quiet and "balance_transaction" in shown:
            shown["balance_transaction"] = None
        if "refunds" in expand:
            refunds = self._refunds_of(thing["payment_intent"])
            shown["refunds"] = self._listed("refunds", refunds, limit=10)
        for name in REFERENCES:
            inner = [path.partition(".")[2] for path in expand if path.split(".")[0] == name]
            if inner and shown.get(name):
                shown[name] = self.shown(self.things[shown[name]], [path for path in inner if path])
        return shown

    def account(self):
        return {
            "id": "acct_1",
            "object": "account",
            "country": self.country,
            "default_currency": "eur",
            "charges_enabled": True,
            "settings": {"payments": {"statement_descriptor": "PAPER"}},
        }

    def add_hook(self, url, events):
        self._add("we_", "webhook_endpoint", url=url, enabled_events=events, status="enabled")

    def hooks(self, **_):
        hooks = [self._plain(hook) for hook in self.all_of("we_")]
        return {"object": "list", "url": "/v1/webhook_endpoints", "has_more": False, "data": hooks}

    def country_spec(self, _country):
        return {
            "id": self.country,
            "object": "country_spec",
            "supported_payment_currencies": ["eur", "usd"],
        }
