"""What our PayPal writes down of our money: its account with us, line by line, and disputes."""

import itertools
import secrets
from datetime import UTC, datetime, timedelta

from tamizdat.demo.bank.clerk import Refused
from tamizdat.lib.money import Money
from tamizdat.payments.providers.paypal_amounts import from_paypal, to_paypal

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Afterwards:
    """Of `PayPalServer`."""

    def __init__(self):
        self.disputes, self.hooks, self.lines = {}, [], []
        self._moments = itertools.count()

    def owed(self, currency):
        names = ("transaction_amount", "fee_amount")
        sums = [line[name] for line in self.lines for name in names]
        return sum(from_paypal(s).minor for s in sums if s["currency_code"] == currency)

    def list_hooks(self):
        return {"webhooks": [dict(hook) for hook in self.hooks]}

    def transactions(self, *, start_date, end_date, page, page_size, **_):
        """Those of the account, a page at a time."""
        since, until = datetime.fromisoformat(start_date), datetime.fromisoformat(end_date)
        assert until - since <= timedelta(days=31)
        at = "transaction_initiation_date"
        mine = [i for i in self.lines if since <= datetime.fromisoformat(i[at]) <= until]
        first, size = (int(page) - 1) * int(page_size), int(page_size)
        shown = [{"transaction_info": info} for info in mine[first : first + size]]
        pages = -(-len(mine) // size)
        return {"transaction_details": shown, "page": int(page), "total_pages": pages}

    def list_disputes(self, *, disputed_transaction_id):
        mine = [d for d in self.disputes.values() if d["_about"] == disputed_transaction_id]
        return {"items": [self.shown(dispute) for dispute in mine]}

    def refund_by_hand(self, payment_id, minor):
        """From PayPal's own pages."""
        capture = self.captures[payment_id.removeprefix("capture/")]
        amount = to_paypal(Money(minor, capture["amount"]["currency_code"]))
        self.refund_capture(capture["id"], amount=amount)

    def fail_refund(self, refund_id):
        """Days later it cannot be paid out, and the money is in the account again.

        What PayPal then says of the capture is in no document: here, what it said before.
        """
        for capture in self.captures.values():
            for refund in self._given(capture):
                if refund["id"] == refund_id and refund["status"] == "COMPLETED":
                    refund["status"] = "FAILED"
                    words = {"currency": refund["amount"]["currency_code"], "about": refund_id}
                    self._move("T1107", new_id(), minor_of(refund), **words)
                    self._tell("PAYMENT.REFUND.FAILED", "refund", refund)
                    return
        raise Refused("no_refund_to_fail")

    def refunds_given(self):
        refunds = [refund for capture in self.captures.values() for refund in self._given(capture)]
        return [each["id"] for each in refunds if each["status"] == "COMPLETED"]

    def dispute(self, payment_id, *, stage="CHARGEBACK"):
        capture, name = self.captures[payment_id.removeprefix("capture/")], new_id()
        left = self._left(capture)
        if not left:
            raise Refused("nothing_to_dispute")
        self.disputes[name] = {
            "dispute_id": name,
            "create_time": self._now(),
            "reason": "UNAUTHORISED",
            "status": "UNDER_REVIEW",
            "dispute_life_cycle_stage": stage,
            "disputed_transactions": [{"seller_transaction_id": capture["id"]}],
            "dispute_amount": to_paypal(Money(left, capture["amount"]["currency_code"])),
            "_about": capture["id"],
            "_left": left,
        }
        if stage != "INQUIRY":
            capture["_disputed"] = capture.get("_disputed", 0) + left
            self._move_disputed(self.disputes[name], "T1201", sign=-1)
        self._tell("CUSTOMER.DISPUTE.CREATED", "dispute", self.disputes[name])
        return name

    def decide(self, dispute_id, *, won):
        dispute = self.disputes[dispute_id]
        if dispute["status"] == "RESOLVED":
            raise Refused("no_open_dispute")
        whose = "SELLER" if won else "BUYER"
        outcome = {"dispute_outcome": {"outcome_code": f"RESOLVED_{whose}_FAVOUR"}}
        dispute |= {"status": "RESOLVED"} | outcome
        if won and dispute["dispute_life_cycle_stage"] != "INQUIRY":
            self.captures[dispute["_about"]]["_disputed"] -= dispute["_left"]
            self._move_disputed(dispute, "T1205", sign=1)
        self._tell("CUSTOMER.DISPUTE.RESOLVED", "dispute", dispute)

    def tell_fees(self):
        """PayPal tells them with the payment."""

    def pay_out(self, currency):
        name, fee = new_id(), 25
        if self.owed(currency) <= fee:
            raise Refused("nothing_to_pay_out")
        self._move("T0400", name, fee - self.owed(currency), currency=currency, fee=fee)
        return name

    def bring_back(self, payout_id):
        """The bank that it went to refused it; the fee stays."""
        (sent,) = [line for line in self.lines if line["transaction_id"] == payout_id]
        gross = from_paypal(sent["transaction_amount"])
        self._move("T1101", new_id(), -gross.minor, currency=gross.currency, about=payout_id)

    def _move(self, code, name, minor, *, currency, fee=0, about=""):
        """One more line of the account."""
        info = {
            "transaction_id": name,
            "transaction_event_code": code,
            "transaction_initiation_date": self._now(),
            "transaction_amount": to_paypal(Money(minor, currency)),
            "fee_amount": to_paypal(Money(-fee, currency)),
            "transaction_status": "S",
        }
        if about:
            info |= {"paypal_reference_id": about, "paypal_reference_id_type": "TXN"}
        self.lines.append(info)

    def _left(self, capture):
        """What nobody gave back or took back yet."""
        went = [each for each in self._given(capture) if each["status"] != "FAILED"]
        given = sum(map(minor_of, went))
        return minor_of(capture) - given - capture.get("_disputed", 0)

    def _move_disputed(self, dispute, code, *, sign):
        words = {"currency": dispute["dispute_amount"]["currency_code"]}
        self._move(code, new_id(), sign * dispute["_left"], about=dispute["_about"], **words)

    def _now(self):
        """Never twice the same: in a real account days lie between one dispute and the next."""
        now = datetime.fromtimestamp(int(self.clock()), UTC)
        now += timedelta(microseconds=next(self._moments))
        return now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def minor_of(thing):
    return from_paypal(thing["amount"]).minor


def new_id():
    return "".join(secrets.choice(LETTERS) for _ in range(17))
