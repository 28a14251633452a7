"""A year of gifts to the demo newsroom: real functions, a pretend bank, and `now=` for a clock."""

import contextlib
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import httpx
from django.conf import settings
from django.test.utils import override_settings
from flask import Flask

from tamizdat.appeals import reminding
from tamizdat.appeals.months import Month
from tamizdat.appeals.reminding import Wish
from tamizdat.demo.bank.bank import Bank
from tamizdat.demo.bank.clerk import Refused
from tamizdat.demo.bank.web import make_app
from tamizdat.funding import giving, schedule, selfservice
from tamizdat.funding.giving import Gift
from tamizdat.funding.models import Due, Pledge
from tamizdat.funding.origins import NO_ORIGIN, Origin
from tamizdat.lib.money import Money
from tamizdat.payments import reconciling, settling
from tamizdat.payments.models import Charge
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.demo import DemoBank

YEAR = 365
PLEDGES, ONCE, REMINDERS = 54, 30, 6
# Gifts made once that came of an experiment, on which days of the year, and of how many arm B.
TRIED, TRIED_ON, TRYING, OF_B = "who-pays", range(200, 290), 90, 60
# Days on which the bank says no: some lapse after two weeks of it, some are past due today.
BAD_SPELLS = (range(80, 82), range(200, 217), range(361, 365))
DISPUTES = {150: True, 240: False, 362: None}  # on which day; whether it was won
CURRENCIES = {"en": "USD", "ru": "EUR", "fa": "EUR"}
STORIES = ("ferry-ledger", "who-buys-the-tide-tables", "red-lamp-green-lamp", "four-tallies")
PAYS, ASKS, EMPTY, TIRES = (
    "4000000000000010",
    "4000000000003220",
    "4000000000009995",
    "4000000000000341",
)


@dataclass(frozen=True, slots=True)
class Reader:
    """One who gives, and what will become of it; days count from the first of the year."""

    number: int
    day: int
    gift: Gift
    card: str
    is_declined_first: bool
    fate: str  # stays, pauses, stops, raises
    fate_day: int


def readers(asks: Mapping[str, str]) -> list[Reader]:
    """The same each time. More come as the year goes on. `asks`: as `trying.asks` has them."""
    chance = random.Random("the year of The Lantern")  # noqa: S311 - nothing here is secret
    whole_year = [_reader(n, chance, asks) for n in range(PLEDGES + ONCE)]
    return whole_year + [_tried(PLEDGES + ONCE + n, chance, asks) for n in range(TRYING)]


def _reader(number: int, chance: random.Random, asks: Mapping[str, str]) -> Reader:
    language = chance.choices(["en", "ru", "fa"], [6, 4, 2])[0]
    is_once = number >= PLEDGES
    interval = "once" if is_once else chance.choices(["month", "year"], [9, 1])[0]
    presets = {"month": (200, 500, 500, 1000, 2000), "year": (2400, 6000, 12000)}
    minor = chance.choice(presets.get(interval, (1000, 2500, 2500, 5000, 10000)))
    day = round(YEAR * chance.random() ** 0.7)
    return Reader(
        number=number,
        day=min(day, YEAR - 1),
        gift=Gift(
            reference=_reference(number),
            money=Money(minor, CURRENCIES[language]),
            interval=interval,
            address="" if is_once and number % 3 else f"reader-{number:02}@readers.example",
            language=language,
            source_page=f"/{'' if language == 'en' else language + '/'}harbour/{STORIES[0]}/"
            if (has_read := chance.random() < 0.5)
            else "",
            origin=Origin(appeal=asks.get(language, "")) if has_read else NO_ORIGIN,
        ),
        card=chance.choices([PAYS, ASKS, TIRES], [7, 2, 1])[0],
        is_declined_first=chance.random() < 0.12,
        fate=chance.choices(["stays", "pauses", "stops", "raises"], [12, 2, 3, 2])[0],
        fate_day=day + chance.randint(20, 150),
    )


def _tried(number: int, chance: random.Random, asks: Mapping[str, str]) -> Reader:
    """One who read in English, and met one of two asks."""
    arm = "b" if number % TRYING < OF_B else "a"
    gift = Gift(
        reference=_reference(number),
        money=Money(chance.choice((500, 1000, 1000, 2500)), CURRENCIES["en"]),
        interval=giving.ONCE,
        address="",
        language="en",
        source_page=f"/harbour/{STORIES[0]}/",
        origin=Origin(appeal=asks.get(arm, ""), arm=f"{TRIED}.{arm}"),
    )
    day = chance.choice(TRIED_ON)
    return Reader(number, day, gift, PAYS, is_declined_first=False, fate="stays", fate_day=day)


def _reference(number: int) -> str:
    return uuid5(NAMESPACE_URL, f"demo:gift/{number}").hex[:22]


class Year:
    """The days that are to be lived through; those that were are remembered in a file."""

    def __init__(self, *, now: datetime) -> None:
        self._file = Path(settings.HOME) / "demo-gifts"
        if not self._file.exists():
            self._file.write_text(f"{now.isoformat()} 0")
        started, lived = self._file.read_text().split()
        self.today = datetime.fromisoformat(started)
        self.lived = int(lived)

    def days(self) -> Iterator[tuple[int, datetime]]:
        """Each day that is left, ticked off when it is over. A day may be lived through twice."""
        for day in range(self.lived, YEAR):
            yield day, self.today - timedelta(days=YEAR - day)
            self._file.write_text(f"{self.today.isoformat()} {day + 1}")


def live(day: int, at: datetime, bank: "Desk", cast: list[Reader]) -> None:
    """One day: who gives for the first time, who changes their mind, what is due.

    Some givers dispute; each month the bank pays out, and the books are compared with its account.
    """
    bank.at = at.timestamp()
    for reader in cast:
        if reader.day == day:
            _give(reader, bank, now=at)
        if reader.fate_day == day:
            _change_mind(reader, now=at)
    bank.refuse(100 if any(day in spell for spell in BAD_SPELLS) else 0)
    schedule.charge_due(now=at)
    bank.refuse(0)
    if day in DISPUTES:
        bank.dispute(won=DISPUTES[day])
    if at.day == 1:
        bank.pay_out()
        reconciling.reconcile(bank.provider, now=at + timedelta(minutes=1))


def leave_reminders(*, now: datetime) -> None:
    for number in range(REMINDERS):
        wish = Wish(
            address=f"later-{number}@readers.example",
            month=Month.of(now.date()).plus(1 + number % 3),
            language=("en", "ru", "fa")[number % 3],
            is_yearly=number % 2 == 1,
        )
        reminding.remember(wish, now=now)


class Desk:
    """The bank, in this process; its file is the one that the demo bank goes on with."""

    def __init__(self) -> None:
        self.at = 0.0
        self._bank = Bank(str(settings.HOME / "demo-bank.sqlite3"), clock=lambda: self.at)
        self._bank.dial.turn(lose=10**9)  # nobody is at the door to hear
        secret = settings.DEMO_BANK_SECRET
        self.app: Flask = make_app(self._bank, secret=secret)
        self.provider = DemoBank(
            settings.DEMO_BANK_ADDRESS, secret, transport=httpx.WSGITransport(app=self.app)
        )

    def refuse(self, count: int) -> None:
        self._bank.dial.turn(decline=count)

    def dispute(self, *, won: bool | None) -> None:
        """The newest gift; None: its giver's bank has not decided yet."""
        taken = [each for each in self._bank.payments() if each["state"] == "succeeded"]
        with contextlib.suppress(Refused):  # a day may be lived through twice
            dispute = self._bank.dispute(taken[-1]["id"])
            if won is not None:
                self._bank.decide(dispute, won=won)

    def pay_out(self) -> None:
        for currency, _ in self._bank.held():
            with contextlib.suppress(Refused):
                self._bank.pay_out(currency)

    def pay(self, url: str, card: str) -> None:
        """The reader presses a card, and says yes if asked."""
        page = url.removeprefix(settings.DEMO_BANK_ADDRESS)
        browser = self.app.test_client()
        answer = browser.post(page, data={"number": card})
        if answer.headers.get("Location", "").endswith("/question"):
            browser.post(f"{page}/question", data={"answer": "yes"})


@contextmanager
def bank_next_door() -> Iterator[Desk]:
    """The bank in this process, and no letters: readers had theirs at the time."""
    outside = registry.get(DemoBank.code)
    desk = Desk()
    registry.register(desk.provider)
    try:
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
            yield desk
    finally:
        registry.register(outside)


def _give(reader: Reader, bank: Desk, *, now: datetime) -> None:
    charge = giving.promise(reader.gift, now=now)
    cards = [EMPTY, reader.card] if reader.is_declined_first else [reader.card]
    for card in cards:
        if charge.state in (Charge.State.SUCCEEDED, Charge.State.CANCELED):
            return
        language = reader.gift.language
        checkout = giving.open_bank(charge, provider=DemoBank.code, language=language, now=now)
        bank.pay(checkout.url, card)
        for attempt in charge.attempts.open():
            settling.resolve(attempt, now=now)
        charge.refresh_from_db()


def _change_mind(reader: Reader, *, now: datetime) -> None:
    due = Due.objects.filter(charge__reference=reader.gift.reference).first()
    if not due or due.pledge.state != Pledge.State.ACTIVE:
        return
    pledge = due.pledge
    if reader.fate == "stops":
        selfservice.stop(pledge, now=now)
    elif reader.fate == "pauses" and pledge.interval == Pledge.Interval.MONTH:
        selfservice.pause(pledge, 2, now=now)
    elif reader.fate == "raises":
        more = Money(reader.gift.money.minor * 2, reader.gift.money.currency)
        selfservice.change_amount(pledge, more, now=now)
