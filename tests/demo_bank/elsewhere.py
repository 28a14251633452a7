"""The demo bank as a process of its own: asked over sockets, its list read from its own file."""

import contextlib
import sqlite3
from contextlib import closing
from typing import Any

import httpx

from tamizdat.demo.bank import wallet
from tamizdat.demo.bank.clerk import Refused
from tamizdat.payments.providers.demo import DemoBank
from tests.demo_bank.line import Line
from tests.patience import until
from tests.towns import Town

SECRET = "the secret of a test"
CALM = {
    "break_before": 0,
    "break_after": 0,
    "decline": 0,
    "pend": 0,
    "lose": 0,
    "duplicate": 0,
    "hold": False,
    "reverse": False,
    "forget": False,
}
TAKEN = ("pending", "succeeded")


class Elsewhere:
    """The bank, the newsroom's line to it, and its readers' way there."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.line = Line()
        self.provider = DemoBank(town.bank_address, SECRET, transport=self.line)
        self.browser = httpx.Client(base_url=town.bank_address, trust_env=False)
        self._file = town.home / "demo-bank.sqlite3"
        self._clerk = town.bank  # settles what is pending, through the same file

    def turn(self, **dial: int) -> None:
        bearer = {"Authorization": f"Bearer {SECRET}"}
        self.browser.post("/v1/faults", json=dial, headers=bearer).raise_for_status()

    def calm(self) -> None:
        self.line.calm()
        self.turn(**CALM)

    def pay(self, url: str, number: str) -> None:
        """The reader presses a card on the bank's page, and says yes if asked.

        Of a page that is over, the link led them back to ours at once.
        """
        if not url.startswith(self.town.bank_address):
            return
        page = url.removeprefix(self.town.bank_address)
        onward = self.browser.post(page, data={"number": number}).headers.get("Location", "")
        if onward.endswith("/question"):
            self.browser.post(onward, data={"answer": "yes"})

    def settle(self, *, well: bool) -> None:
        for payment in self.payments():
            if payment["state"] == "pending":
                self._clerk.settle(payment["id"], well=well)

    def fail_refund(self, n: int, *, after: int = 0) -> None:
        """One of those that it gave back, if any; of two at once it fails once."""
        given = [refund["id"] for refund in self.refunds(after=after) if not refund["has_failed"]]
        with contextlib.suppress(Refused):
            if given:
                self._clerk.fail_refund(given[n % len(given)])

    def payments(self, *, after: int = 0) -> list[dict[str, Any]]:
        """Its own list of payments, those from row `after` on, with the card's country."""
        rows = self._ask("SELECT rowid AS row, * FROM payments WHERE rowid > ?", after)
        countries = {holder.number: holder.country for holder in wallet.HOLDERS}
        return [row | {"country": countries.get(row["number"], "")} for row in rows]

    def refunds(self, *, after: int = 0) -> list[dict[str, Any]]:
        sql = "SELECT r.* FROM refunds r JOIN payments p ON p.id = r.payment WHERE p.rowid > ?"
        return self._ask(sql, after)

    def owed(self, currency: str) -> int:
        return self._clerk.owed(currency)

    def wait_until_all_is_told(self) -> None:
        """Every webhook was heard: those that wait for another try are sent at once."""

        def look() -> bool | None:
            with self._clerk._vaults.open() as db:
                db.execute("UPDATE notices SET next_at = 0, tries = 0")
            return not self._ask("SELECT 1 FROM notices") or None

        until(look, what="the last webhook", alive=lambda: self.town.is_alive("bank"))

    def close(self) -> None:
        self.browser.close()
        self.provider._client.close()

    def _ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]
