"""The newsroom's account at the pretend bank: every change of it, and nothing twice."""

import sqlite3
from dataclasses import astuple, dataclass
from typing import Any

from tamizdat.demo.bank.ids import new_id

Line = dict[str, Any]


@dataclass(frozen=True)
class Change:
    movement: str
    about: str  # the payment, refund, dispute or payout itself
    gross: int  # positive towards the newsroom
    currency: str
    fee: int = 0  # stays with the bank
    payment: str = ""


def write(db: sqlite3.Connection, change: Change, *, at: float) -> None:
    sql = (
        "INSERT INTO lines (id, at, movement, object, gross, currency, fee, payment)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    db.execute(sql, (new_id("line"), at, *astuple(change)))


def lines(db: sqlite3.Connection, *, since: float, until: float) -> list[Line]:
    """From `since` on and before `until`, oldest first."""
    sql = "SELECT * FROM lines WHERE at >= ? AND at < ? ORDER BY number"
    return [dict(row) for row in db.execute(sql, (since, until))]


def holds(db: sqlite3.Connection, currency: str) -> int:
    sql = "SELECT SUM(gross - fee) FROM lines WHERE currency = ?"
    return int(db.execute(sql, (currency,)).fetchone()[0] or 0)


def currencies(db: sqlite3.Connection) -> list[str]:
    rows = db.execute("SELECT DISTINCT currency FROM lines ORDER BY currency")
    return [row["currency"] for row in rows]
