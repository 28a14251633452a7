"""As much of BTCPay as we use, in memory: how its invoices move. By HTTP it speaks in btcpay_web.

Written from its documents. It proves that we keep to what they say, and cannot prove that BTCPay
does.
"""

import secrets
import threading
import time
from decimal import ROUND_UP, Decimal

from tamizdat.demo.bank.dial import Dial

COIN = Decimal("0.00000001")
MINUTE = 60


class Says(Exception):
    def __init__(self, status):
        super().__init__(status)
        self.status = status


class BTCPayServer:
    def __init__(self, *, clock=time.time):
        self.dial, self.clock, self.lock = Dial(), clock, threading.RLock()
        self.store, self.rate = "Store1", Decimal(50_000)  # units of any currency for a coin
        self.has_wallet = self.has_fresh_addresses = True
        self.spend_cost = Decimal(0)  # added to the price for each payment after the first
        self.invoices, self.promises, self.payouts = {}, {}, {}
        self.notices, self.hooks = [], []

    # --- what a test looks at

    def payments(self):
        """Every payment that is certain, as (invoice, coins)."""
        return [
            (invoice, coins)
            for invoice in self.invoices.values()
            for coins in invoice["_coins"]
            if coins["status"] == "Settled"
        ]

    def worth(self, invoice_id):
        """What is certain for it, in units, before any rounding."""
        invoice = self.invoices[invoice_id]
        return sum((self._net(c) for c in invoice["_coins"] if c["status"] == "Settled"), Decimal())

    # --- the giver's side

    def price(self, invoice_id):
        """In coins, rounded up to the smallest."""
        invoice = self.invoices[invoice_id]
        return (Decimal(invoice["amount"]) / self.rate).quantize(COIN, ROUND_UP)

    def send(self, invoice_id, coins=None, *, certain=True):
        """Coins to its address, the price if not told otherwise. Seen at once, whatever it is."""
        with self.lock:
            self.watch()
            invoice = self.invoices[invoice_id]
            fee = self.spend_cost if invoice["_coins"] else Decimal(0)
            paid = {
                "id": f"{secrets.token_hex(32)}-0",
                "value": self.price(invoice_id) if coins is None else Decimal(coins),
                "fee": fee,
                "status": "Processing",
                "receivedDate": int(self.clock()),
                "destination": invoice["_address"],
            }
            invoice["_coins"].append(paid)
            is_late = invoice["status"] not in ("New", "Processing")
            more = {"afterExpiration": is_late, "paymentMethodId": "BTC-CHAIN"}
            self._tell("InvoiceReceivedPayment", invoice, **more, payment=_shown(paid))
            self.watch()
            if certain:
                self.confirm(invoice_id)
            return paid

    def confirm(self, invoice_id):
        """A block holds what was sent for it."""
        with self.lock:
            invoice = self.invoices[invoice_id]
            for coins in invoice["_coins"]:
                if coins["status"] == "Processing":
                    coins["status"] = "Settled"
                    more = {"afterExpiration": False, "paymentMethodId": "BTC-CHAIN"}
                    self._tell("InvoicePaymentSettled", invoice, **more, payment=_shown(coins))
            self.watch()

    def take_back(self, invoice_id):
        """What no block holds is spent elsewhere."""
        with self.lock:
            for coins in self.invoices[invoice_id]["_coins"]:
                if coins["status"] == "Processing":
                    coins["status"] = "Invalid"
            self.watch()

    def claim(self, promise_id, *, state="Completed"):
        """The giver names an address, and the newsroom pays."""
        promise = self.promises[promise_id]
        payout = {
            "id": secrets.token_hex(8),
            "revision": 0,
            "pullPaymentId": promise_id,
            "date": str(int(self.clock())),
            "destination": "bc1qgiver",
            "originalCurrency": promise["currency"],
            "originalAmount": promise["amount"],
            "payoutCurrency": "BTC",
            "payoutAmount": str((Decimal(promise["amount"]) / self.rate).quantize(COIN)),
            "payoutMethodId": "BTC-CHAIN",
            "state": state,
            "metadata": {},
        }
        self.payouts[payout["id"]] = payout
        return payout

    # --- the newsroom's side: one method a call

    def create(self, *, amount, currency, metadata, checkout, receipt):
        now, name = int(self.clock()), secrets.token_hex(11)
        expires = now + int(checkout["expirationMinutes"]) * MINUTE
        self.invoices[name] = {
            "id": name,
            "storeId": self.store,
            "amount": amount,
            "paidAmount": "0",
            "currency": currency,
            "type": "Standard",
            "checkoutLink": f"http://asked.here.test/i/{name}",
            "createdTime": now,
            "expirationTime": expires,
            "monitoringExpiration": expires + int(checkout["monitoringMinutes"]) * MINUTE,
            "status": "New",
            "additionalStatus": "None",
            "availableStatusesForManualMarking": ["Settled", "Invalid"],
            "archived": False,
            "metadata": metadata,
            "checkout": checkout,
            "receipt": receipt,
            "_coins": [],
            "_address": f"bc1q{name if self.has_fresh_addresses else 'always'}",
        }
        self._tell("InvoiceCreated", self.invoices[name])
        return self.invoices[name]

    def get(self, invoice_id):
        if invoice_id not in self.invoices:
            raise Says(404)
        return self.invoices[invoice_id]

    def listed(self, *, order_ids, start, end, skip, take):
        """Newest first, without those that somebody put away."""
        found = [
            invoice
            for invoice in reversed(self.invoices.values())
            if not invoice["archived"]
            and (not order_ids or invoice["metadata"].get("orderId") in order_ids)
            and (start is None or invoice["createdTime"] >= start)
            and (end is None or invoice["createdTime"] <= end)
        ]
        return found[skip : skip + take]

    def mark(self, invoice_id, status):
        """Refused for what is settled already, unless a person had said so."""
        invoice = self.get(invoice_id)
        is_final = invoice["status"] in ("Settled", "Invalid")
        if invoice["status"] == status or (is_final and invoice["additionalStatus"] != "Marked"):
            raise Says(400)
        invoice["status"], invoice["additionalStatus"] = status, "Marked"
        self._tell(f"Invoice{status}", invoice, manuallyMarked=True)
        return invoice

    def promise(self, invoice_id, *, name, amount, currency):
        invoice = self.get(invoice_id)
        is_paid = invoice["additionalStatus"] in ("PaidLate", "PaidOver", "PaidPartial")
        if not (invoice["status"] in ("Settled", "Invalid") or is_paid):
            raise Says(400)
        new = secrets.token_hex(10)
        self.promises[new] = {
            "id": new,
            "name": name,
            "description": "",
            "currency": currency,
            "amount": amount,
            "BOLT11Expiration": "30",
            "autoApproveClaims": False,
            "archived": False,
            "viewLink": f"http://asked.here.test/pull-payments/{new}",
        }
        return self.promises[new]

    def watch(self):
        """What the clock and the coins make of each invoice."""
        with self.lock:
            for invoice in self.invoices.values():
                self._watch(invoice)

    # --- inside

    def _watch(self, invoice):
        came = [c for c in invoice["_coins"] if c["status"] != "Invalid"]
        due = Decimal(invoice["amount"])
        paid = sum((self._net(c) for c in came), Decimal())
        certain = sum((self._net(c) for c in came if c["status"] == "Settled"), Decimal())
        invoice["paidAmount"] = str(paid)
        if invoice["status"] == "New" and self.clock() >= invoice["expirationTime"]:
            invoice["status"] = "Expired"
            self._tell("InvoiceExpired", invoice, partiallyPaid=bool(came))
        if invoice["status"] in ("New", "Expired"):
            self._follow_coins(invoice, came, paid, due)
        if invoice["status"] == "Processing":
            invoice["additionalStatus"] = "PaidOver" if self._is_over(paid, due) else "None"
            if paid < due:
                invoice["status"] = "New"
                invoice["additionalStatus"] = "PaidPartial" if came else "None"
            elif certain >= due:
                invoice["status"] = "Settled"
                is_over = invoice["additionalStatus"] == "PaidOver"
                self._tell("InvoiceSettled", invoice, manuallyMarked=False, overPaid=is_over)
            elif self.clock() > invoice["monitoringExpiration"]:
                invoice["status"] = "Invalid"
                self._tell("InvoiceInvalid", invoice, manuallyMarked=False)

    def _follow_coins(self, invoice, came, paid, due):
        if paid >= due and invoice["status"] == "New":
            invoice["status"] = "Processing"
            is_over = self._is_over(paid, due)
            invoice["additionalStatus"] = "PaidOver" if is_over else "None"
            self._tell("InvoiceProcessing", invoice, overPaid=is_over)
        elif paid >= due:
            invoice["additionalStatus"] = "PaidLate"
        elif came:
            invoice["additionalStatus"] = "PaidPartial"

    def _is_over(self, paid, due):
        return paid >= due + COIN * self.rate

    def _net(self, coins):
        return (coins["value"] - coins["fee"]) * self.rate

    def _tell(self, kind, invoice, **more):
        if self.dial.strikes("lose"):
            return
        delivery = secrets.token_hex(11)
        event = {
            "deliveryId": delivery,
            "webhookId": "hook1",
            "originalDeliveryId": delivery,
            "isRedelivery": False,
            "type": kind,
            "timestamp": int(self.clock()),
            "storeId": self.store,
            "invoiceId": invoice["id"],
            "metadata": invoice["metadata"],
        }
        again = event | more | {"deliveryId": secrets.token_hex(11), "isRedelivery": True}
        twice = self.dial.strikes("duplicate")
        self.notices += [event | more, again] if twice else [event | more]


def _shown(coins):
    return {
        name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in coins.items()
    }
