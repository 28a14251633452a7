"""Readers who give, however often the server goes away while they do."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx

from tests.demo_bank.cards import WORKS
from tests.funding.working import solved
from tests.towns import Town

TIMEOUT_SECONDS = 20
REFERENCE = re.compile(r'name="reference" value="([^"]+)"')
AT_ONCE = 20  # gifts; of more in a row, with one card and much begun twice, some would be held up
MOST_PROOFS = 10


@dataclass
class Crowd:
    """So many readers; each gives once or begins a monthly gift, and presses on until it went."""

    town: Town
    gifts: Iterator[int]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def give_all(self) -> None:
        """One reader after the other, as one of several in this crowd."""
        limits = httpx.Limits(max_keepalive_connections=0)
        options = {"timeout": TIMEOUT_SECONDS, "trust_env": False, "limits": limits}
        with httpx.Client(**options) as browser:  # type: ignore[arg-type]
            while (number := self._next()) is not None:
                self._give(browser, number)

    def _next(self) -> int | None:
        with self.lock:
            number = next(self.gifts, None)
            if number and number % AT_ONCE == 0:
                self.town.module("tests.killing.lull")
            return number

    def _give(self, browser: httpx.Client, number: int) -> None:
        site = self.town.addresses[number % len(self.town.addresses)]
        onward = self._begin(browser, f"{site}/checkout/", number)
        if onward.startswith(self.town.bank_address):
            onward = browser.post(onward, data={"number": WORKS}).headers["Location"]
        place = onward.removeprefix(self.town.addresses[0])
        self._until_it_answers(lambda: browser.get(f"{site}{place}"))

    def _begin(self, browser: httpx.Client, url: str, number: int) -> str:
        """Where the form leads; it comes back if a kill came once the little sum was used up."""
        form = self._form(number)
        words = {"currency": form["currency"], "interval": form["interval"]}
        answer = self._until_it_answers(lambda: browser.get(url, params=words))
        form["reference"] = REFERENCE.search(answer.text)[1]  # type: ignore[index]
        for _ in range(MOST_PROOFS):
            form["proof"] = solved(answer.text)
            answer = self._until_it_answers(lambda: browser.post(url, data=form))
            if answer.status_code == 302:
                return answer.headers["Location"]
        raise AssertionError(answer.text)

    def _form(self, number: int) -> dict[str, str]:
        """The same each time it is pressed."""
        interval = "month" if number % 2 else "once"
        return {
            "currency": "USD",
            "interval": interval,
            "amount": "5" if interval == "month" else "25",
            "method": "card",
            "address": f"giver-{number}@readers.example" if interval == "month" else "",
        }

    @staticmethod
    def _until_it_answers(ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Pressed again whenever the server is gone, or says that something is wrong with it."""
        while True:
            try:
                answer = ask()
            except httpx.TransportError:
                threading.Event().wait(0.05)
                continue
            if answer.status_code < 500:
                return answer
