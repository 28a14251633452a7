"""What becomes of money once it was taken: given back, disputed, paid out."""

import sqlite3
from typing import Any

from tamizdat.demo.bank import account
from tamizdat.demo.bank.account import Change
from tamizdat.demo.bank.clerk import Clerk, Payment, Refused
from tamizdat.demo.bank.ids import new_id

DISPUTE_FEE, PAYOUT_FEE = 1500, 25
DAY_SECONDS = 24 * 3600


class Afterwards(Clerk):
    def refund(self, *, key: str, payment_id: str, amount: int) -> dict[str, Any]:
        """Give back a part or all of what was taken, never more."""
        with self._vaults.open() as db:
            row = self._row(db, payment_id)
            known = db.execute("SELECT * FROM refunds WHERE key = ?", (key,)).fetchone()
            if known and not self.dial.forget:
                if (known["payment"], known["amount"]) != (payment_id, amount):
                    raise Refused("key_reused")
                return dict(known) | {"currency": row["currency"]}
            if not 0 < amount <= _left(row):
                raise Refused("too_much")
            refund: dict[str, Any] = {
                "id": new_id("ref"),
                "key": key,
                "payment": payment_id,
                "amount": amount,
                "has_failed": 0,
            }
            sql = "INSERT INTO refunds VALUES (:id, :key, :payment, :amount, :has_failed)"
            db.execute(sql, refund)
            self._give(db, row, "refunded", amount)
            self._write(db, row, "refund", gross=-amount, about=refund["id"])
            self._note(db, payment_id, "payment.refunded")
            return refund | {"currency": row["currency"]}

    def refund_by_hand(self, payment_id: str, amount: int) -> dict[str, Any]:
        """On the bank's own pages, without the newsroom."""
        return self.refund(key=new_id("hand"), payment_id=payment_id, amount=amount)

    def find_refund(self, *, key: str, payment_id: str) -> dict[str, Any] | None:
        """What was given back of a payment under `key`, also when the key is forgotten."""
        with self._vaults.open() as db:
            sql = "SELECT * FROM refunds WHERE key = ? AND payment = ? ORDER BY has_failed"
            found = db.execute(sql, (key, payment_id)).fetchone()
            currency = self._row(db, payment_id)["currency"]
            return dict(found) | {"currency": currency} if found else None

    def fail_refund(self, refund_id: str) -> None:
        """Days later the giver's bank refuses it: the money is the newsroom's again."""
        with self._vaults.open() as db:
            sql = "SELECT * FROM refunds WHERE id = ? AND has_failed = 0"
            refund = db.execute(sql, (refund_id,)).fetchone()
            if not refund:
                raise Refused("no_refund_to_fail")
            row = self._row(db, refund["payment"])
            db.execute("UPDATE refunds SET has_failed = 1 WHERE id = ?", (refund_id,))
            self._give(db, row, "refunded", -refund["amount"])
            self._write(db, row, "refund_return", gross=refund["amount"], about=refund_id)
            self._note(db, row["id"], "payment.refund_failed")

    def refunds_given(self) -> list[str]:
        """Those that did not fail, oldest first."""
        with self._vaults.open() as db:
            sql = "SELECT id FROM refunds WHERE has_failed = 0 ORDER BY rowid"
            return [row["id"] for row in db.execute(sql)]

    def dispute(self, payment_id: str, *, reason: str = "fraudulent") -> str:
        """The giver's bank takes back what is left, and ours a fee. The id of the dispute."""
        with self._vaults.open() as db:
            row = self._row(db, payment_id)
            if not (amount := _left(row)):
                raise Refused("nothing_to_dispute")
            dispute_id = new_id("dis")
            words = (dispute_id, payment_id, amount, DISPUTE_FEE, "open", reason)
            db.execute("INSERT INTO disputes VALUES (?, ?, ?, ?, ?, ?)", words)
            self._give(db, row, "disputed", amount)
            self._write(db, row, "dispute", gross=-amount, fee=DISPUTE_FEE, about=dispute_id)
            self._note(db, payment_id, "payment.disputed")
            return dispute_id

    def decide(self, dispute_id: str, *, won: bool) -> None:
        """Won, the money comes back with the fee. Decided twice, it is as it was decided first."""
        with self._vaults.open() as db:
            sql = "SELECT * FROM disputes WHERE id = ?"
            dispute = db.execute(sql, (dispute_id,)).fetchone()
            if not dispute or dispute["state"] != "open":
                raise Refused("no_open_dispute")
            row = self._row(db, dispute["payment"])
            state, fee = ("won", 0) if won else ("lost", dispute["fee"])
            update = "UPDATE disputes SET state = ?, fee = ? WHERE id = ?"
            db.execute(update, (state, fee, dispute_id))
            if won:
                amount, back = dispute["amount"], dispute["fee"]
                self._give(db, row, "disputed", -amount)
                self._write(db, row, "dispute_return", gross=amount, fee=-back, about=dispute_id)
            self._note(db, row["id"], f"payment.dispute_{state}")

    def pay_out(self, currency: str) -> str:
        """All it holds of a currency goes to the newsroom's account elsewhere, less a fee."""
        with self._vaults.open() as db:
            all_of_it = account.holds(db, currency)
            if all_of_it <= PAYOUT_FEE:
                raise Refused("nothing_to_pay_out")
            payout_id = new_id("out")
            gross = PAYOUT_FEE - all_of_it
            change = Change("payout", payout_id, gross, currency, fee=PAYOUT_FEE)
            account.write(db, change, at=self._clock())
            return payout_id

    def tell_fees(self) -> None:
        """Of those payments whose fee was not told before."""
        with self._vaults.open() as db:
            untold = db.execute("SELECT id FROM payments WHERE tells_fee = 0").fetchall()
            db.execute("UPDATE payments SET tells_fee = 1")
            for row in untold:
                self._note(db, row["id"], "payment.fee")

    def expire(self, token: str) -> None:
        """The card that was kept is too old to pay."""
        self._age(token, has_expired=True)

    def renew(self, token: str) -> None:
        """Its bank sent another one, and the token stands for that now."""
        self._age(token, has_expired=False)

    def lines(self, *, since: float, until: float) -> list[account.Line]:
        """What changed the newsroom's account, oldest first."""
        with self._vaults.open() as db:
            return account.lines(db, since=since, until=until)

    def owed(self, currency: str) -> int:
        """What it holds for the newsroom."""
        with self._vaults.open() as db:
            return account.holds(db, currency)

    def held(self) -> list[tuple[str, int]]:
        with self._vaults.open() as db:
            return [(each, account.holds(db, each)) for each in account.currencies(db)]

    def _age(self, token: str, *, has_expired: bool) -> None:
        with self._vaults.open() as db:
            sql = "UPDATE tokens SET has_expired = ? WHERE token = ?"
            if not db.execute(sql, (has_expired, token)).rowcount:
                raise Refused("unknown_token")

    def _give(self, db: sqlite3.Connection, row: sqlite3.Row, column: str, amount: int) -> None:
        sql = f"UPDATE payments SET {column} = {column} + ? WHERE id = ?"  # noqa: S608
        db.execute(sql, (amount, row["id"]))

    def _write(
        self,
        db: sqlite3.Connection,
        row: sqlite3.Row,
        movement: str,
        *,
        gross: int,
        fee: int = 0,
        about: str,
    ) -> None:
        change = Change(movement, about, gross, row["currency"], fee=fee, payment=row["id"])
        account.write(db, change, at=self._clock())


def _left(row: sqlite3.Row | Payment) -> int:
    """What neither went back nor is disputed."""
    if row["state"] != "succeeded":
        return 0
    return int(row["amount"] - row["refunded"] - row["disputed"])
