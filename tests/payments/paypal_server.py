"""As much of PayPal as we use, in memory: how its objects move. What it says by HTTP is paypal_web.

It proves that we keep to what PayPal's documents say. It cannot prove that PayPal does.
"""

import secrets
import threading
import time

from tamizdat.demo.bank import wallet
from tamizdat.demo.bank.bank import fee_on
from tamizdat.demo.bank.clerk import Refused
from tamizdat.demo.bank.dial import Dial
from tamizdat.lib.money import Money
from tamizdat.payments.providers.paypal_amounts import from_paypal, to_paypal
from tests.payments.paypal_afterwards import Afterwards, new_id

ORDER_LIFETIME_SECONDS = 3 * 3600  # of one that takes no money
API = "https://api-m.sandbox.paypal.com"
PROCESSOR = {"insufficient_funds": "5120", "stolen_card": "9520"}


class Says(Refused):
    def __init__(self, status, issue, name="UNPROCESSABLE_ENTITY"):
        super().__init__(issue)
        self.status, self.issue, self.name = status, issue, name


class PayPalServer(Afterwards):
    def __init__(self, *, clock=time.time):
        super().__init__()
        self.dial, self.clock = Dial(), clock
        self.pages = "https://www.sandbox.paypal.com"
        self.orders, self.captures, self.kept = {}, {}, {}
        self.notices = []
        self.tells_country = True  # of a payer
        self.keeps_at_once = True  # or says later what it kept an account as
        self.patches_pages = True  # also those that nobody approved yet
        self.lock = threading.RLock()

    # --- what a test looks at

    def payments(self):
        with self.lock:
            return [self._payment(order) for order in self.orders.values()]

    def still_possible(self):
        """Orders that could be captured yet."""
        now = self.clock()
        live = [o for o in self.orders.values() if not _captures(o) and o["_ends_at"] > now]
        return [o["id"] for o in live if o["intent"] == "CAPTURE"]

    def settle(self, payment_id, *, well=True):
        with self.lock:
            kind, _, name = payment_id.partition("/")
            capture = (_captures(self.orders[name]) or [None])[0] if kind == "order" else None
            if capture and capture["status"] == "PENDING":
                order = self.orders[name]
                self._complete(order, capture) if well else self._decline(capture, "9500")

    # --- the payer's side

    def approve(self, order_id, number):
        """The payer logs in and presses Pay. False when PayPal has a question first."""
        with self.lock:
            order, holder = self.order(order_id), wallet.find(number)
            if order["status"] not in ("CREATED", "PAYER_ACTION_REQUIRED") or not holder:
                return True
            order["_number"] = number
            if not holder.asks:
                self.agree(order_id)
            return not holder.asks

    def agree(self, order_id):
        with self.lock:
            order = self.order(order_id)
            if order["status"] in ("CREATED", "PAYER_ACTION_REQUIRED") and order["_number"]:
                order["status"] = "APPROVED"
                self._name_payer(order, order["_number"])
                self._tell("CHECKOUT.ORDER.APPROVED", "checkout-order", order)

    # --- the newsroom's side: one method a call

    def create_order(self, *, intent, purchase_units, payment_source=None):
        source = (payment_source or {}).get("paypal", {})
        if source.get("vault_id"):
            raise AssertionError("such an order would take its money at once")
        order_id = new_id()
        order = {
            "id": order_id,
            "intent": intent,
            "status": "PAYER_ACTION_REQUIRED" if payment_source else "CREATED",
            "purchase_units": [dict(unit) for unit in purchase_units],
            "create_time": self._now(),
            "links": self._links(order_id, "payer-action" if payment_source else "approve"),
            "_ends_at": self.clock() + ORDER_LIFETIME_SECONDS,
            "_keep": bool(source.get("attributes", {}).get("vault")),
            "_back": source.get("experience_context", {}).get("return_url", ""),
            "_number": "",
        }
        if payment_source:
            order["payment_source"] = {"paypal": {}}
        self.orders[order_id] = order
        return order

    def order(self, order_id):
        order = self.orders.get(order_id)
        if order is None or (not _captures(order) and order["_ends_at"] <= self.clock()):
            raise Says(404, "INVALID_RESOURCE_ID", "RESOURCE_NOT_FOUND")
        return order

    def patch_order(self, order_id, change):
        order = self.order(order_id)
        if order["status"] == "COMPLETED":
            raise Says(422, "ORDER_ALREADY_COMPLETED")
        if order["status"] == "PAYER_ACTION_REQUIRED" and not self.patches_pages:
            raise Says(422, "NOT_PATCHABLE")
        (only,) = change
        if (only["op"], only["path"]) != ("replace", "/intent"):
            raise Says(422, "NOT_PATCHABLE")
        order["intent"] = only["value"]

    def capture_order(self, order_id, *, payment_source=None):
        order = self.order(order_id)
        number = self._source(order, payment_source)
        if self.dial.strikes("decline"):
            raise Says(422, "INSTRUMENT_DECLINED")
        order["status"] = "COMPLETED"
        capture = self._capture(order)
        if refusal := self._refusal(number, is_kept=bool(payment_source)):
            self._decline(capture, PROCESSOR[refusal])
        elif self.dial.strikes("pend"):
            capture["status_details"] = {"reason": "PENDING_REVIEW"}
            self._tell("PAYMENT.CAPTURE.PENDING", "capture", capture)
        else:
            self._complete(order, capture)
        return order

    def capture(self, capture_id):
        if capture_id not in self.captures:
            raise Says(404, "INVALID_RESOURCE_ID", "RESOURCE_NOT_FOUND")
        return self.captures[capture_id]

    def shown_capture(self, capture_id):
        """With the id of its order, that an order does not repeat."""
        capture = self.capture(capture_id)
        related = {"order_id": capture["_order"]} if capture["_order"] else {}
        return capture | {"supplementary_data": {"related_ids": related}}

    def kept_account(self, token):
        if token not in self.kept or self.kept[token]["is_gone"]:
            raise Says(404, "INVALID_RESOURCE_ID", "RESOURCE_NOT_FOUND")
        country = wallet.find(self.kept[token]["number"]).country
        return {"id": token, "payment_source": {"paypal": {"address": {"country_code": country}}}}

    def delete_account(self, token):
        self.kept_account(token)
        self.forget_account(token)

    def refund_capture(self, capture_id, *, amount, custom_id="", invoice_id=""):
        capture = self.capture(capture_id)
        given = self._given(capture)
        left = self._left(capture)
        asked = from_paypal(amount).minor
        if capture["status"] not in ("COMPLETED", *GIVEN_BACK) or not 0 < asked <= left:
            raise Says(422, "REFUND_AMOUNT_EXCEEDED")
        refund = self._refund(capture_id, amount)
        refund |= {"custom_id": custom_id, "invoice_id": invoice_id} if custom_id else {}
        given.append(refund)
        self._move(
            "T1107", refund["id"], -asked, currency=amount["currency_code"], about=capture_id
        )
        capture["status"] = GIVEN_BACK[asked == left]
        self._tell("PAYMENT.CAPTURE.REFUNDED", "refund", refund)
        return refund

    def forget_account(self, token):
        """Its payer takes it back, at PayPal."""
        self.kept[token]["is_gone"] = True

    def forget_order(self, order_id):
        """PayPal does not say how long it keeps one that was captured."""
        self.orders.pop(order_id)

    # --- how it keeps its things

    def _source(self, order, payment_source):
        """Whose account pays."""
        if order["intent"] != "CAPTURE":
            raise Says(422, "ACTION_DOES_NOT_MATCH_INTENT")
        if _captures(order):
            raise Says(422, "ORDER_ALREADY_CAPTURED")
        token = ((payment_source or {}).get("paypal") or {}).get("vault_id")
        if token:
            return self._kept_source(order, token)
        if order["status"] != "APPROVED":
            raise Says(422, "ORDER_NOT_APPROVED")
        return order["_number"]

    def _kept_source(self, order, token):
        if token not in self.kept:
            raise Says(422, "TOKEN_ID_NOT_FOUND")
        if self.kept[token]["is_gone"]:
            raise Says(422, "AGREEMENT_ALREADY_CANCELLED")
        self._name_payer(order, self.kept[token]["number"])
        return self.kept[token]["number"]

    def _refusal(self, number, *, is_kept):
        holder = wallet.find(number)
        if not is_kept:
            return holder.refusal
        account = next(each for each in self.kept.values() if each["number"] == number)
        account["tries"] += 1
        return "insufficient_funds" if account["tries"] <= holder.later_refusals else ""

    def _capture(self, order):
        unit, capture_id = order["purchase_units"][0], new_id()
        capture = self.captures[capture_id] = {
            "id": capture_id,
            "status": "PENDING",
            "amount": unit["amount"],
            "custom_id": unit["custom_id"],
            "invoice_id": unit["invoice_id"],
            "final_capture": True,
            "create_time": self._now(),
            "_order": order["id"],
        }
        unit["payments"] = {"captures": [capture]}
        return capture

    def _complete(self, order, capture):
        money = from_paypal(capture["amount"])
        fee = to_paypal(Money(fee_on(money.minor), money.currency))
        net = to_paypal(Money(money.minor - fee_on(money.minor), money.currency))
        capture.pop("status_details", None)
        capture["seller_receivable_breakdown"] = {
            "gross_amount": capture["amount"],
            "paypal_fee": fee,
            "net_amount": net,
        }
        capture["status"] = "COMPLETED"
        words = {"currency": money.currency, "fee": fee_on(money.minor)}
        self._move("T0006", capture["id"], money.minor, **words)
        if order["_keep"]:
            self._keep_account(order)
        self._tell("PAYMENT.CAPTURE.COMPLETED", "capture", capture)

    def _decline(self, capture, code):
        capture["status"] = "DECLINED"
        capture["processor_response"] = {"response_code": code}
        self._tell("PAYMENT.CAPTURE.DECLINED", "capture", capture)

    def keep(self, number):
        """An account that another system had kept here, as our token for it."""
        token = new_id()
        self.kept[token] = {"number": number, "is_gone": False, "tries": 0}
        return f"{wallet.find(number).country}/{token}"

    def _keep_account(self, order):
        _country, token = self.keep(order["_number"]).split("/")
        vault = {"customer": {"id": "customer_1"}, "status": "APPROVED"}
        order["payment_source"]["paypal"]["attributes"] = {"vault": vault}
        order["_kept_as"] = token
        if self.keeps_at_once:
            self.say_what_is_kept(order["id"])

    def say_what_is_kept(self, order_id):
        order = self.orders[order_id]
        vault = order["payment_source"]["paypal"]["attributes"]["vault"]
        vault |= {"id": order["_kept_as"], "status": "VAULTED"}

    def _given(self, capture):
        """The refunds of a capture, which its order lists."""
        order = self.orders[capture["_order"]]
        return order["purchase_units"][0]["payments"].setdefault("refunds", [])

    def _refund(self, capture_id, amount):
        return {
            "id": new_id(),
            "status": "COMPLETED",
            "amount": amount,
            "create_time": self._now(),
            "links": [
                {"href": f"{API}/v2/payments/captures/{capture_id}", "rel": "up", "method": "GET"}
            ],
        }

    def _name_payer(self, order, number):
        country = wallet.find(number).country
        address = {"address": {"country_code": country}} if self.tells_country else {}
        who = {"email_address": "reader@example.org", "account_id": "ABCDEFGH23456"}
        source = order.setdefault("payment_source", {}).setdefault("paypal", {})
        source |= who | {"account_status": "VERIFIED"} | address
        order["payer"] = {"payer_id": who["account_id"]} | address
        order["links"] = self._links(order["id"], "")

    def _links(self, order_id, approve):
        href = f"{API}/v2/checkout/orders/{order_id}"
        links = [{"href": href, "rel": "self", "method": "GET"}]
        page = {"href": f"{self.pages}/checkoutnow?token={order_id}", "rel": approve}
        return [*links, page | {"method": "GET"}] if approve else links

    def _payment(self, order):
        capture = next(iter(_captures(order)), None)
        key = order["purchase_units"][0]["custom_id"]
        is_over = capture and capture["status"] in ("COMPLETED", *GIVEN_BACK)
        name = f"capture/{capture['id']}" if is_over else f"order/{order['id']}"
        state = "canceled" if order["intent"] != "CAPTURE" else "ready"
        if capture:
            states = {"PENDING": "pending", "DECLINED": "declined"}
            state = states.get(capture["status"], "succeeded")
        return {"id": name, "key": key, "state": state}

    def _tell(self, event_type, resource_type, thing):
        if self.dial.strikes("lose"):
            return
        event = {
            "id": f"WH-{secrets.token_hex(8)}",
            "event_version": "1.0",
            "create_time": self._now(),
            "resource_type": resource_type,
            "event_type": event_type,
            "resource": self.shown(thing),
        }
        self.notices += [event] * (2 if self.dial.strikes("duplicate") else 1)

    @staticmethod
    def shown(thing):
        return _public(thing)


GIVEN_BACK = ("PARTIALLY_REFUNDED", "REFUNDED")


def _public(thing):
    if isinstance(thing, list):
        return [_public(each) for each in thing]
    if isinstance(thing, dict):
        return {name: _public(v) for name, v in thing.items() if not name.startswith("_")}
    return thing


def _captures(order):
    return order["purchase_units"][0].get("payments", {}).get("captures", [])
