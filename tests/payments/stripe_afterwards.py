"""What becomes of money that Stripe took: refunds, disputes, payouts, and its balance."""

from tamizdat.demo.bank.bank import fee_on
from tamizdat.demo.bank.clerk import Refused

DISPUTE_FEE, PAYOUT_FEE = 1500, 25


class Afterwards:
    settles_in = ""  # the account's currency, when it is not the gift's
    keeps_quiet = False  # about balance transactions, until `tell_fees`

    # --- what happens on Stripe's own pages, and at banks

    def reissue(self, last_month):
        """Networks told of new cards for all that it knows."""
        year, month = map(int, last_month.split("-"))
        for card in self.all_of("pm_"):
            card["card"] |= {"exp_year": year, "exp_month": month}

    def refund_by_hand(self, payment_id, amount):
        with self.lock:
            return self.create_refund(payment_intent=payment_id, amount=amount, metadata={})

    def fail_refund(self, refund_id):
        """Days later the card's bank refuses it, and the money is in the balance again."""
        with self.lock:
            refund = self.things[refund_id]
            if refund["status"] != "succeeded":
                raise Refused("no_refund_to_fail")
            refund["status"] = "failed"
            self._charge_of(refund["payment_intent"])["amount_refunded"] -= refund["amount"]
            self._move("refund_failure", refund, refund["amount"])
            self._tell("refund.failed", refund)

    def refunds_given(self):
        return [each["id"] for each in self.all_of("re_") if each["status"] == "succeeded"]

    def dispute(self, payment_id, *, reason="fraudulent"):
        """The giver's bank takes back what is left. The id of the dispute."""
        with self.lock:
            charge = self._charge_of(payment_id)
            left = charge["amount"] - charge["amount_refunded"] - charge["_disputed"]
            if not left:
                raise Refused("nothing_to_dispute")
            dispute = self._add(
                "dp_",
                "dispute",
                payment_intent=payment_id,
                amount=left,
                currency=charge["currency"],
                status="needs_response",
                reason=reason,
                balance_transactions=[],
            )
            charge.update(disputed=True, _disputed=charge["_disputed"] + left)
            moved = self._move("dispute", dispute, -left, fee=DISPUTE_FEE)
            dispute["balance_transactions"].append(self._plain(moved))
            self._tell("charge.dispute.created", dispute)
            return dispute["id"]

    def decide(self, dispute_id, *, won):
        """Won, the money comes back, and the fee does not."""
        with self.lock:
            dispute = self.things[dispute_id]
            if dispute["status"] != "needs_response":
                raise Refused("no_open_dispute")
            dispute["status"] = "won" if won else "lost"
            if won:
                self._charge_of(dispute["payment_intent"])["_disputed"] -= dispute["amount"]
                moved = self._move("dispute_reversal", dispute, dispute["amount"])
                dispute["balance_transactions"].append(self._plain(moved))
            self._tell("charge.dispute.closed", dispute)

    def pay_out(self, currency):
        all_of_it = self.owed(currency)
        if all_of_it <= PAYOUT_FEE:
            raise Refused("nothing_to_pay_out")
        payout = self._add("po_", "payout", amount=all_of_it, currency=currency.lower())
        self._move("payout", payout, PAYOUT_FEE - all_of_it, fee=PAYOUT_FEE)
        return payout["id"]

    def bring_back(self, payout_id):
        """The account that it went to took it not; the fee stays."""
        payout = self.things[payout_id]
        self._move("payout_reversal", payout, payout["amount"] - PAYOUT_FEE)

    def charge_for_itself(self, amount, currency):
        """A fee of no payment in particular."""
        return self._moved("fee", None, -amount, currency=currency.lower(), fee=0)

    def tell_fees(self):
        self.keeps_quiet = False
        for intent in self.all_of("pi_"):
            if intent["status"] == "succeeded":
                self._tell("charge.updated", self._charge_of(intent["id"]))

    # --- what it holds

    def owed(self, currency):
        moved = self.all_of("txn_")
        return sum(each["net"] for each in moved if each["currency"] == currency.lower())

    # --- the newsroom's side

    def list_moved(self, *, created, **page):
        since, until = int(created["gte"]), int(created["lt"])
        found = [each for each in self.all_of("txn_") if since <= each["created"] < until]
        return self._listed("balance_transactions", found, **page)

    def list_refunds(self, *, payment_intent, **page):
        return self._listed("refunds", self._refunds_of(payment_intent), **page)

    def list_disputes(self, *, payment_intent, **page):
        found = [d for d in self.all_of("dp_") if d["payment_intent"] == payment_intent]
        return self._listed("disputes", found, **page)

    def _listed(self, of, found, *, limit, starting_after=None):
        """Newest first, a page at a time."""
        found = found[::-1]
        ids = [each["id"] for each in found]
        first = ids.index(starting_after) + 1 if starting_after else 0
        page = found[first : first + int(limit)]
        has_more = first + len(page) < len(found)
        return {"object": "list", "url": f"/v1/{of}", "has_more": has_more, "data": page}

    def _charge_of(self, payment_id):
        return self.things[self.things[payment_id]["latest_charge"]]

    def _move(self, category, source, amount, *, fee=0):
        """In the account's currency, eleven of which are ten of any other."""
        currency = self.settles_in or source["currency"]
        if currency != source["currency"]:
            amount = amount * 11 // 10
        return self._moved(category, source["id"], amount, currency=currency, fee=fee)

    def _moved(self, category, source_id, amount, *, currency, fee):
        return self._add(
            "txn_",
            "balance_transaction",
            amount=amount,
            fee=fee,
            net=amount - fee,
            currency=currency,
            reporting_category=category,
            source=source_id,
        )

    def _earn(self, charge):
        fee = fee_on(charge["amount"])
        return self._move("charge", charge, charge["amount"], fee=fee)
