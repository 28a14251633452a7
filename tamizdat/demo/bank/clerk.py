"""What everybody at the bank does: look a payment up, move it on, send word of it."""

import hashlib
import sqlite3
from collections.abc import Callable
from typing import Any

from tamizdat.demo.bank import wallet
from tamizdat.demo.bank.dial import Dial
from tamizdat.demo.bank.ids import new_id
from tamizdat.demo.bank.vaults import Vaults

Payment = dict[str, Any]
RETRY_SECONDS = (2, 5, 15, 60, 300, 1800, 7200)


class Refused(Exception):
    """The bank will not do that; the message says why, in a word."""


class Clerk:
    def __init__(self, path: str, *, clock: Callable[[], float]) -> None:
        self.dial = Dial()
        self._vaults = Vaults(path)
        self._clock = clock

    def payments(self) -> list[Payment]:
        """Everything it knows, oldest first."""
        with self._vaults.open() as db:
            rows = db.execute("SELECT id FROM payments ORDER BY rowid").fetchall()
            return [self._told(db, row["id"]) for row in rows]

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
        db.execute(sql, (new_id("evt"), kind, payment_id, copies, self._clock()))

    def _row(self, db: sqlite3.Connection, payment_id: str) -> sqlite3.Row:
        row: sqlite3.Row | None = db.execute(
            "SELECT * FROM payments WHERE id = ?", (payment_id,)
        ).fetchone()
        if not row:
            raise Refused("unknown_payment")
        return row

    def _told(self, db: sqlite3.Connection, payment_id: str) -> Payment:
        """As the newsroom is told of it."""
        payment = dict(self._row(db, payment_id))
        holder = wallet.find(payment["number"])
        payment["country"] = holder.country if holder else ""
        payment["card"] = hashlib.sha256(payment["number"].encode()).hexdigest() if holder else ""
        payment["risk"] = (self.dial.risk or holder.risk) if holder else ""
        payment["fee"] *= payment["tells_fee"]
        for what in ("refunds", "disputes"):
            sql = f"SELECT * FROM {what} WHERE payment = ? ORDER BY rowid"  # noqa: S608
            payment[what] = [dict(row) for row in db.execute(sql, (payment_id,))]
        return payment
