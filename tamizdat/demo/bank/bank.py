"""What the pretend bank does. No HTTP here: see web.py."""

import json
import secrets
import sqlite3
from collections.abc import Callable
from typing import Any

from tamizdat.demo.bank import wallet
from tamizdat.demo.bank.dial import Dial
from tamizdat.demo.bank.vaults import Vaults

Payment = dict[str, Any]
RETRY_SECONDS = (2, 5, 15, 60, 300, 1800, 7200)


class Refused(Exception):
    """The bank will not do that; the message says why, in a word."""


class Bank:
    """One resource, the payment: waiting → ready → (pending →) succeeded | declined | canceled.

    A key names one payment for ever: asked again with the same words it is the same payment,
    with other words it is refused. Money moves in `confirm` and `charge` only.
    """

    def __init__(self, path: str, *, clock: Callable[[], float]) -> None:
        self.dial = Dial()
        self._vaults = Vaults(path)
        self._clock = clock

    def open(self, *, key: str, amount: int, currency: str, page: dict[str, Any]) -> Payment:
        """A payment that waits for the reader. `page`: return_url, language, keep."""
        asked = json.dumps([amount, currency, page], sort_keys=True)
        with self._vaults.open() as db:
            payment = self._known(db, key, asked) or self._add(
                db, key=key, asked=asked, amount=amount, currency=currency, **page
            )
            return self._told(db, payment["id"])

    def choose(self, payment_id: str, number: str) -> Payment:
        """The reader names a card. Raises Refused("unknown_number")."""
        if not (holder := wallet.find(number)):
            raise Refused("unknown_number")
        with self._vaults.open() as db:
            if self._row(db, payment_id)["state"] == "waiting":
                db.execute(
                    "UPDATE payments SET number = ? WHERE id = ?", (holder.number, payment_id)
                )
                if not holder.asks:
                    self._make_ready(db, payment_id)
            return self._told(db, payment_id)

    def answer(self, payment_id: str, *, approved: bool) -> Payment:
        """The reader answers the question of the card's own bank (3-D Secure)."""
        with self._vaults.open() as db:
            row = self._row(db, payment_id)
            if row["state"] == "waiting" and row["number"]:
                if approved:
                    self._make_ready(db, payment_id)
                else:
                    self._move(db, payment_id, "declined", reason="authentication_failed")
            return self._told(db, payment_id)

    def leave(self, payment_id: str) -> Payment:
        """The reader would rather not."""
        with self._vaults.open() as db:
            if self._row(db, payment_id)["state"] == "waiting":
                self._move(db, payment_id, "canceled")
            return self._told(db, payment_id)

    def confirm(self, payment_id: str) -> Payment:
        """Take the money of a payment that is ready. Confirmed again, it is taken once."""
        with self._vaults.open() as db:
            row = self._row(db, payment_id)
            if row["state"] == "waiting":
                raise Refused("not_ready")
            if row["state"] == "ready":
                self._take(db, row, wallet.find(row["number"]))
            return self._told(db, payment_id)

    def charge(self, *, key: str, amount: int, currency: str, token: str) -> Payment:
        """Take money from a card that was kept, without its reader."""
        asked = json.dumps([amount, currency, token])
        with self._vaults.open() as db:
            if known := self._known(db, key, asked):
                return self._told(db, known["id"])
            kept = db.execute("SELECT * FROM tokens WHERE token = ?", (token,)).fetchone()
            if not kept:
                raise Refused("unknown_token")
            row = self._add(db, key=key, asked=asked, amount=amount, currency=currency)
            update = "UPDATE payments SET number = ?, token = ? WHERE id = ?"
            db.execute(update, (kept["number"], token, row["id"]))
            if kept["refusals_left"]:
                update = "UPDATE tokens SET refusals_left = refusals_left - 1 WHERE token = ?"
                db.execute(update, (token,))
                self._move(db, row["id"], "declined", reason="insufficient_funds")
            else:
                self._take(db, row, wallet.find(kept["number"]))
            return self._told(db, row["id"])

    def cancel(self, key: str) -> Payment | None:
        """Nothing asked under `key` will take money after this. None if nothing ever was."""
        with self._vaults.open() as db:
            row = db.execute("SELECT * FROM payments WHERE key = ?", (key,)).fetchone()
            if not row:
                db.execute("INSERT OR IGNORE INTO canceled_keys VALUES (?)", (key,))
                return None
            if row["state"] in ("waiting", "ready"):
                self._move(db, row["id"], "canceled")
            return self._told(db, row["id"])

    def settle(self, payment_id: str, *, well: bool = True) -> Payment:
        """What was pending becomes certain."""
        with self._vaults.open() as db:
            if self._row(db, payment_id)["state"] == "pending":
                state, reason = ("succeeded", "") if well else ("declined", "insufficient_funds")
                self._move(db, payment_id, state, reason=reason)
            return self._told(db, payment_id)

    def refund(self, *, key: str, payment_id: str, amount: int) -> dict[str, Any]:
        """Give back a part or all of what was taken, never more."""
        with self._vaults.open() as db:
            row = self._row(db, payment_id)
            known = db.execute("SELECT * FROM refunds WHERE key = ?", (key,)).fetchone()
            if known and not self.dial.forget:
                if (known["payment"], known["amount"]) != (payment_id, amount):
                    raise Refused("key_reused")
                return dict(known) | {"currency": row["currency"]}
            if row["state"] != "succeeded" or not 0 < amount <= row["amount"] - row["refunded"]:
                raise Refused("too_much")
            refund = {"id": _new_id("ref"), "key": key, "payment": payment_id, "amount": amount}
            db.execute("INSERT INTO refunds VALUES (:id, :key, :payment, :amount)", refund)
            db.execute(
                "UPDATE payments SET refunded = refunded + ? WHERE id = ?", (amount, payment_id)
            )
            self._note(db, payment_id, "payment.refunded")
            return refund | {"currency": row["currency"]}

    def find_refund(self, *, key: str, payment_id: str) -> dict[str, Any] | None:
        """What was given back of a payment under `key`, also when the key is forgotten."""
        with self._vaults.open() as db:
            sql = "SELECT * FROM refunds WHERE key = ? AND payment = ?"
            found = db.execute(sql, (key, payment_id)).fetchone()
            currency = self._row(db, payment_id)["currency"]
            return dict(found) | {"currency": currency} if found else None

    def find(self, *, payment_id: str = "", key: str = "") -> Payment | None:
        with self._vaults.open() as db:
            sql = "SELECT id FROM payments WHERE id = ? OR key = ?"
            row = db.execute(sql, (payment_id or None, key or None)).fetchone()
            return self._told(db, row["id"]) if row else None

    def payments(self) -> list[Payment]:
        """Everything it knows, oldest first."""
        with self._vaults.open() as db:
            rows = db.execute("SELECT id FROM payments ORDER BY rowid").fetchall()
            return [self._told(db, row["id"]) for row in rows]

    def owed(self, currency: str) -> int:
        """What it holds for the newsroom: taken, less fees, less given back."""
        with self._vaults.open() as db:
            sql = (
                "SELECT SUM(amount - fee - refunded) FROM payments"
                " WHERE state = 'succeeded' AND currency = ?"
            )
            return int(db.execute(sql, (currency,)).fetchone()[0] or 0)

    def due_notices(self) -> list[dict[str, Any]]:
        """Webhooks to be sent now; one that is duplicated is here twice."""
        if self.dial.hold:
            return []
        with self._vaults.open() as db:
            order = "DESC" if self.dial.reverse else "ASC"
            sql = f"SELECT * FROM notices WHERE next_at <= ? ORDER BY number {order}"  # noqa: S608
            rows = db.execute(sql, (self._clock(),)).fetchall()
            return [dict(row) for row in rows for _ in range(row["copies"])]

    def mark_heard(self, notice_id: str) -> None:
        with self._vaults.open() as db:
            db.execute("DELETE FROM notices WHERE id = ?", (notice_id,))

    def mark_unheard(self, notice_id: str) -> None:
        """Try again later, and give up after a day or so."""
        with self._vaults.open() as db:
            sql = "SELECT tries FROM notices WHERE id = ?"
            row = db.execute(sql, (notice_id,)).fetchone()
            if not row:
                return
            if row["tries"] >= len(RETRY_SECONDS):
                db.execute("DELETE FROM notices WHERE id = ?", (notice_id,))
                return
            update = "UPDATE notices SET tries = tries + 1, next_at = ?, copies = 1 WHERE id = ?"
            db.execute(update, (self._clock() + RETRY_SECONDS[row["tries"]], notice_id))

    def _known(self, db: sqlite3.Connection, key: str, asked: str) -> sqlite3.Row | None:
        if db.execute("SELECT 1 FROM canceled_keys WHERE key = ?", (key,)).fetchone():
            raise Refused("key_canceled")
        row: sqlite3.Row | None = db.execute(
            "SELECT * FROM payments WHERE key = ?", (key,)
        ).fetchone()
        if row and row["asked"] != asked:
            raise Refused("key_reused")
        return row

    def _add(self, db: sqlite3.Connection, *, amount: int, **fields: Any) -> sqlite3.Row:
        payment_id = _new_id("pay")
        row = {"return_url": "", "language": "", "keep": False} | fields
        row |= {"id": payment_id, "state": "waiting", "amount": amount, "fee": fee_on(amount)}
        names = list(row)
        sql = f"INSERT INTO payments ({', '.join(names)}) VALUES (:{', :'.join(names)})"  # noqa: S608
        db.execute(sql, row)
        return self._row(db, payment_id)

    def _make_ready(self, db: sqlite3.Connection, payment_id: str) -> None:
        row = self._row(db, payment_id)
        if row["keep"]:
            token = _new_id("tok")
            holder = wallet.find(row["number"])
            refusals = holder.later_refusals if holder else 0
            db.execute("INSERT INTO tokens VALUES (?, ?, ?)", (token, row["number"], refusals))
            db.execute("UPDATE payments SET token = ? WHERE id = ?", (token, payment_id))
        self._move(db, payment_id, "ready")

    def _take(self, db: sqlite3.Connection, row: sqlite3.Row, holder: wallet.Holder | None) -> None:
        if self.dial.strikes("decline"):
            self._move(db, row["id"], "declined", reason="insufficient_funds")
        elif holder is None or holder.refusal:
            reason, is_hard = (holder.refusal, holder.is_hard) if holder else ("unknown", True)
            self._move(db, row["id"], "declined", reason=reason, is_hard=is_hard)
        else:
            self._move(db, row["id"], "pending" if self.dial.strikes("pend") else "succeeded")

    def _move(
        self,
        db: sqlite3.Connection,
        payment_id: str,
        state: str,
        *,
        reason: str = "",
        is_hard: bool = False,
    ) -> None:
        sql = "UPDATE payments SET state = ?, reason = ?, is_hard = ? WHERE id = ?"
        db.execute(sql, (state, reason, is_hard, payment_id))
        self._note(db, payment_id, f"payment.{state}")

    def _note(self, db: sqlite3.Connection, payment_id: str, kind: str) -> None:
        if self.dial.strikes("lose"):
            return
        copies = 2 if self.dial.strikes("duplicate") else 1
        sql = "INSERT INTO notices (id, kind, payment, copies, next_at) VALUES (?, ?, ?, ?, ?)"
        db.execute(sql, (_new_id("evt"), kind, payment_id, copies, self._clock()))

    def _row(self, db: sqlite3.Connection, payment_id: str) -> sqlite3.Row:
        row: sqlite3.Row | None = db.execute(
            "SELECT * FROM payments WHERE id = ?", (payment_id,)
        ).fetchone()
        if not row:
            raise Refused("unknown_payment")
        return row

    def _told(self, db: sqlite3.Connection, payment_id: str) -> Payment:
        payment = dict(self._row(db, payment_id))
        holder = wallet.find(payment["number"])
        payment["country"] = holder.country if holder else ""
        return payment


def fee_on(amount: int) -> int:
    """2.9 % and 30, like the others; never more than the whole."""
    return min(amount, (amount * 29 + 500) // 1000 + 30)


def _new_id(kind: str) -> str:
    return f"{kind}_{secrets.token_hex(12)}"
