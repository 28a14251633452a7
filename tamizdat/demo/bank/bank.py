"""What the pretend bank does while a reader pays. No HTTP here: see web.py."""

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

from tamizdat.demo.bank import wallet
from tamizdat.demo.bank.afterwards import DAY_SECONDS, Afterwards
from tamizdat.demo.bank.clerk import Payment, Refused
from tamizdat.demo.bank.ids import new_id
from tamizdat.lib.months import due_on


class Bank(Afterwards):
    """One resource, the payment: waiting → ready → (pending →) succeeded | declined | canceled.

    One of 0 only names a card, and is never confirmed.

    A key names one payment for ever, or for a day if the dial says so: asked again with the same
    words it is the same payment, with other words it is refused. Money comes in in `confirm` and
    `charge` only.
    """

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
            if row["state"] == "waiting" or not row["amount"]:
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
            if kept["has_expired"]:
                self._move(db, row["id"], "declined", reason="expired_card")
            elif kept["refusals_left"]:
                update = "UPDATE tokens SET refusals_left = refusals_left - 1 WHERE token = ?"
                db.execute(update, (token,))
                self._move(db, row["id"], "declined", reason="insufficient_funds")
            elif reason := self._refusal_without_reader(db, kept):
                self._move(db, row["id"], "declined", reason=reason)
            else:
                self._take(db, row, wallet.find(kept["number"]))
            return self._told(db, row["id"])

    def keep(self, number: str) -> str:
        """A token for a card that some other system had kept here."""
        with self._vaults.open() as db:
            token = new_id("tok")
            db.execute("INSERT INTO tokens VALUES (?, ?, 0, 0)", (token, number))
            db.execute("INSERT INTO expiries VALUES (?, ?)", (token, self._month(ahead=36)))
        return token

    def cancel(self, key: str) -> Payment | None:
        """Nothing asked under `key` will take money after this. None if nothing ever was."""
        with self._vaults.open() as db:
            rows = db.execute("SELECT * FROM payments WHERE key = ?", (key,)).fetchall()
            if not rows:
                db.execute("INSERT OR IGNORE INTO canceled_keys VALUES (?)", (key,))
            for row in rows:
                if row["state"] in ("waiting", "ready"):
                    self._move(db, row["id"], "canceled")
                    db.execute("DELETE FROM tokens WHERE token = ?", (row["token"],))
            found = self._find(db, key=key)
            return self._told(db, found["id"]) if found else None

    def kept(self, token: str) -> dict[str, str] | None:
        """Where a card that is kept was issued, and its last month, `2029-07`."""
        with self._vaults.open() as db:
            sql = "SELECT number, last_month FROM tokens JOIN expiries USING (token)"
            row = db.execute(f"{sql} WHERE token = ?", (token,)).fetchone()
        holder = wallet.find(row["number"]) if row else None
        return {"country": holder.country, "last_month": row["last_month"]} if holder else None

    def forget(self, token: str) -> None:
        """Keep a card no longer. One that is not kept is forgotten."""
        with self._vaults.open() as db:
            db.execute("DELETE FROM tokens WHERE token = ?", (token,))
            db.execute("DELETE FROM expiries WHERE token = ?", (token,))

    def reissue(self, last_month: str) -> None:
        """Every card that is kept was sent anew to its holder, and lives until that month."""
        with self._vaults.open() as db:
            db.execute("UPDATE expiries SET last_month = ?", (last_month,))

    def settle(self, payment_id: str, *, well: bool = True) -> Payment:
        """What was pending becomes certain."""
        with self._vaults.open() as db:
            row = self._row(db, payment_id)
            if row["state"] == "pending" and well:
                self._receive(db, row)
            elif row["state"] == "pending":
                self._move(db, payment_id, "declined", reason="insufficient_funds")
            return self._told(db, payment_id)

    def find(self, *, payment_id: str = "", key: str = "") -> Payment | None:
        with self._vaults.open() as db:
            row = self._find(db, payment_id=payment_id, key=key)
            return self._told(db, row["id"]) if row else None

    def _find(
        self, db: sqlite3.Connection, *, payment_id: str = "", key: str = ""
    ) -> sqlite3.Row | None:
        """By its id; of those that were asked for under `key`, the one that took money."""
        sql = (
            "SELECT * FROM payments WHERE id = :id OR key = :key ORDER BY id = :id DESC,"
            " state IN ('succeeded', 'pending') DESC, rowid DESC"
        )
        words = {"id": payment_id or None, "key": key or None}
        row: sqlite3.Row | None = db.execute(sql, words).fetchone()
        return row

    def _known(self, db: sqlite3.Connection, key: str, asked: str) -> sqlite3.Row | None:
        if db.execute("SELECT 1 FROM canceled_keys WHERE key = ?", (key,)).fetchone():
            raise Refused("key_canceled")
        row = self._find(db, key=key)
        if row and self.dial.forget_daily and row["at"] <= self._clock() - DAY_SECONDS:
            return None
        if row and row["asked"] != asked:
            raise Refused("key_reused")
        return row

    def _add(self, db: sqlite3.Connection, *, amount: int, **fields: Any) -> sqlite3.Row:
        payment_id = new_id("pay")
        row = {"return_url": "", "language": "", "keep": False} | fields
        row |= {"id": payment_id, "state": "waiting", "amount": amount, "fee": fee_on(amount)}
        row |= {"at": self._clock()}
        names = list(row)
        sql = f"INSERT INTO payments ({', '.join(names)}) VALUES (:{', :'.join(names)})"  # noqa: S608
        db.execute(sql, row)
        return self._row(db, payment_id)

    def _make_ready(self, db: sqlite3.Connection, payment_id: str) -> None:
        row = self._row(db, payment_id)
        if row["keep"]:
            token = new_id("tok")
            holder = wallet.find(row["number"])
            refusals = holder.later_refusals if holder else 0
            db.execute("INSERT INTO tokens VALUES (?, ?, ?, 0)", (token, row["number"], refusals))
            last_month = self._month(ahead=holder.lives if holder else 0)
            db.execute("INSERT INTO expiries VALUES (?, ?)", (token, last_month))
            db.execute("UPDATE payments SET token = ? WHERE id = ?", (token, payment_id))
        self._move(db, payment_id, "ready")

    def _month(self, *, ahead: int = 0) -> str:
        today = datetime.fromtimestamp(self._clock(), UTC).date()
        return due_on(today, ahead).isoformat()[:7]

    def _refusal_without_reader(self, db: sqlite3.Connection, kept: sqlite3.Row) -> str:
        sql = "SELECT last_month FROM expiries WHERE token = ?"
        row = db.execute(sql, (kept["token"],)).fetchone()
        if row and row["last_month"] < self._month():
            return "expired_card"
        holder = wallet.find(kept["number"])
        return "authentication_required" if holder and holder.asks_always else ""

    def _take(self, db: sqlite3.Connection, row: sqlite3.Row, holder: wallet.Holder | None) -> None:
        if self.dial.strikes("decline"):
            self._move(db, row["id"], "declined", reason="insufficient_funds")
        elif holder is None or holder.refusal:
            reason, is_hard = (holder.refusal, holder.is_hard) if holder else ("unknown", True)
            self._move(db, row["id"], "declined", reason=reason, is_hard=is_hard)
        elif self.dial.strikes("pend"):
            self._move(db, row["id"], "pending")
        else:
            self._receive(db, row)

    def _receive(self, db: sqlite3.Connection, row: sqlite3.Row) -> None:
        if self.dial.strikes("late_fee"):
            db.execute("UPDATE payments SET tells_fee = 0 WHERE id = ?", (row["id"],))
        self._write(db, row, "payment", gross=row["amount"], fee=row["fee"], about=row["id"])
        self._move(db, row["id"], "succeeded")


def fee_on(amount: int) -> int:
    """2.9 % and 30, like the others; never more than the whole."""
    return min(amount, (amount * 29 + 500) // 1000 + 30)
