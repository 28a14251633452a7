"""Where the pretend bank writes things down: a SQLite file of its own."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SCHEMA = """
CREATE TABLE IF NOT EXISTS payments (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, asked TEXT NOT NULL, state TEXT NOT NULL,
    at REAL NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 0), currency TEXT NOT NULL, fee INTEGER NOT NULL,
    refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    disputed INTEGER NOT NULL DEFAULT 0 CHECK (disputed >= 0),
    tells_fee INTEGER NOT NULL DEFAULT 1,
    return_url TEXT NOT NULL, language TEXT NOT NULL, keep INTEGER NOT NULL,
    number TEXT NOT NULL DEFAULT '', token TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '', is_hard INTEGER NOT NULL DEFAULT 0,
    CHECK (refunded + disputed <= amount)
);
CREATE INDEX IF NOT EXISTS payments_by_key ON payments (key);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, number TEXT NOT NULL, refusals_left INTEGER NOT NULL,
    has_expired INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS expiries (token TEXT PRIMARY KEY, last_month TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS canceled_keys (key TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS refunds (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, payment TEXT NOT NULL REFERENCES payments,
    amount INTEGER NOT NULL, has_failed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS disputes (
    id TEXT PRIMARY KEY, payment TEXT NOT NULL REFERENCES payments, amount INTEGER NOT NULL,
    fee INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS lines (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, movement TEXT NOT NULL, at REAL NOT NULL,
    gross INTEGER NOT NULL, fee INTEGER NOT NULL, currency TEXT NOT NULL,
    payment TEXT NOT NULL, object TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS notices (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, payment TEXT NOT NULL,
    copies INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL
);
"""


class Vaults:
    """One connection behind one lock: a small bank with one clerk."""

    def __init__(self, path: str) -> None:
        self._clerk = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        # Survives the end of a process; of a power cut, pretend money need not know.
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Commits what was written, or nothing if anything was raised."""
        with self._clerk, self._connection:
            yield self._connection
