"""An extract as beancount's plain text, which `bean-check` checks and `fava` shows.

What accounts of the balance sheet held before the first day is brought forward, and at the end
stands what each account must hold then: a file that was cut or altered says so itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from tamizdat.ledger.extracts import Extract, Row, accounts
from tamizdat.lib.money import Money

# Under which of beancount's five roots an account stands, by the first word of its code.
ROOTS = {
    "bank": "Assets",
    "cash": "Assets",
    "dispute": "Expenses",  # its fees
    "disputed": "Assets",
    "exchange": "Equity",
    "fees": "Expenses",
    "reader": "Income",
    "suspense": "Assets",
}
ELSEWHERE = "Equity"
BROUGHT_FORWARD = f"{ELSEWHERE}:Brought-Forward"
_BALANCE_SHEET = ("Assets", "Liabilities", ELSEWHERE)
_UNFIT = re.compile(r"[^A-Za-z0-9]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def write(extract: Extract) -> Iterator[str]:
    names = named(accounts())
    held: Counter[tuple[str, str]] = Counter()
    yield f"; The books from {extract.first} to {extract.last}, days in UTC.\n"
    yield from _opened(extract, names)
    yield from _brought_forward(extract, names, held)
    for rows in extract.entries():
        for row in rows:
            held[names[row.account], row.money.currency] += row.money.minor
        yield _entry(rows, names)
    yield "\n"
    for (name, currency), minor in sorted(held.items()):
        amount = _amount(Money(minor, currency), tolerance=" ~ 0")
        yield f"{extract.end} balance {name}  {amount}\n"


def named(codes: Iterable[str]) -> dict[str, str]:
    """What each account is called there, by its code. No two are called the same."""
    names: dict[str, str] = {}
    taken = {BROUGHT_FORWARD}
    for number, code in enumerate(codes, start=1):
        name = _name(code)
        while name in taken:
            name = f"{name}-{number}"
        taken.add(name)
        names[code] = name
    return names


def _name(code: str) -> str:
    words = [word for word in _UNFIT.split(code) if word]
    root = ROOTS.get(words[0] if words else "", ELSEWHERE)
    return f"{root}:{'-'.join(map(_capitalised, words)) or 'Account'}"


def _capitalised(word: str) -> str:
    return word[0].upper() + word[1:]


def _opened(extract: Extract, names: dict[str, str]) -> Iterator[str]:
    for code, name in names.items():
        yield f"{extract.first} open {name}\n  code: {_string(code)}\n"
    yield f"{extract.first} open {BROUGHT_FORWARD}\n"


def _brought_forward(
    extract: Extract, names: dict[str, str], held: Counter[tuple[str, str]]
) -> Iterator[str]:
    for account, money in extract.brought_forward():
        name = names[account]
        if money.minor and name.startswith(_BALANCE_SHEET):
            held[name, money.currency] += money.minor
            held[BROUGHT_FORWARD, money.currency] -= money.minor
            yield f'\n{extract.first} * "Brought forward"\n'
            yield f"  {name}  {_amount(money)}\n  {BROUGHT_FORWARD}  {_amount(-money)}\n"


def _entry(rows: list[Row], names: dict[str, str]) -> str:
    first = rows[0]
    lines = [
        f"\n{first.at.date()} * {_string(first.memo)}\n",
        f"  key: {_string(first.key)}\n",
        f"  at: {_string(first.at.isoformat())}\n",
        *(f"  {names[row.account]}  {_amount(row.money)}\n" for row in rows),
    ]
    return "".join(lines)


def _amount(money: Money, *, tolerance: str = "") -> str:
    return f"{money.major:f}{tolerance} {money.currency}"


def _string(words: str) -> str:
    plain = _CONTROLS.sub(" ", words).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
