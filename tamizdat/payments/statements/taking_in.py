"""Keeping what is needed of a statement, once, however often and in whatever pieces it comes.

An entry is known again by all that the bank said of it. Two that are alike in everything are
two, if they stand in one statement; if each stands in another, they are one that came twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from babel.numbers import is_currency
from django.db import transaction

from tamizdat.lib.creditor_reference import found_in
from tamizdat.lib.iban import country_of
from tamizdat.lib.money import Money
from tamizdat.outlet.vault import blind_index, vault
from tamizdat.payments.models import BankLine, BankStatement
from tamizdat.payments.statements.reading import Entry, NotAStatement, Statement

MOST_LETTERS = 400  # of what a sender wrote; transfers carry 140


@dataclass
class TakenIn:
    """What came of the statements of a file."""

    lines: int = 0
    known: int = 0  # lines that had come before
    statements: int = 0
    not_booked: int = 0
    problems: list[str] = field(default_factory=list)


@transaction.atomic
def take_in(
    statements: Iterable[Statement], *, accounts: Mapping[str, str], now: datetime
) -> TakenIn:
    """Write down what is new. `accounts`: the currency of each of our IBANs.

    Raises NotAStatement, and keeps nothing, when one is of an account that is none of ours.
    """
    taken = TakenIn()
    for statement in statements:
        account = _ours(statement, accounts)
        if statement.entries or statement.from_on or statement.until_on:
            _take(statement, account, taken, now=now)
        taken.not_booked += statement.not_booked
        name = f"Statement {statement.number}: " if statement.number else ""
        taken.problems += [f"{name}{problem}" for problem in statement.problems]
    return taken


def _ours(statement: Statement, accounts: Mapping[str, str]) -> str:
    """The account it is of; its currency is completed where the bank does not say it."""
    account = "".join(statement.account.split()).upper()
    if account not in accounts:
        whose = f"ends in {account[-4:]}" if account else "is not named"
        raise NotAStatement(
            f"The statement is of an account that {whose}: it is none of those under "
            "[transfer.iban] in tamizdat.toml."
        )
    if not is_currency(statement.currency):
        statement.currency = accounts[account]
    return account


def _take(statement: Statement, account: str, taken: TakenIn, *, now: datetime) -> None:
    row, is_new = _statement(statement, account, now=now)
    taken.statements += is_new
    seen: Counter[str] = Counter()
    digests = []
    for entry in statement.entries:
        said = _said(entry, account)
        digests.append(blind_index(f"bank line {said} {seen[said]}"))
        seen[said] += 1
    known = set(BankLine.objects.filter(digest__in=digests).values_list("digest", flat=True))
    new = [
        _line(entry, row, digest)
        for entry, digest in zip(statement.entries, digests, strict=True)
        if digest not in known
    ]
    # Of two that take in the same at once the second finds the first, or adds nothing.
    BankLine.objects.bulk_create(new, ignore_conflicts=True)
    taken.lines += len(new)
    taken.known += len(digests) - len(new)


def _statement(statement: Statement, account: str, *, now: datetime) -> tuple[BankStatement, bool]:
    first, last = statement.days
    opening = _minor(statement.opening, statement.currency)
    closing = _minor(statement.closing, statement.currency)
    total = sum(e.money.minor for e in statement.entries if e.money.currency == statement.currency)
    said = (account, statement.number, first, last, opening, closing, total, len(statement.entries))
    return BankStatement.objects.get_or_create(
        digest=blind_index(f"bank statement {said}"),
        defaults={
            "account": account,
            "currency": statement.currency,
            "number": statement.number,
            "opening_minor": opening,
            "closing_minor": closing,
            "from_on": first,
            "until_on": last,
            "sum_minor": total,
            "unread": len(statement.problems),
            "read_at": now,
        },
    )


def _minor(balance: Money | None, currency: str) -> int | None:
    return balance.minor if balance and balance.currency == currency else None


def _said(entry: Entry, account: str) -> str:
    """All that tells it from another. A number alone would not do: some banks write NONREF."""
    told = (entry.entry_id, entry.texts, entry.account, entry.bic)
    return repr((account, str(entry.booked_on), entry.money, told))


def _line(entry: Entry, statement: BankStatement, digest: str) -> BankLine:
    references = {each for text in entry.texts for each in found_in(text)}
    reference = references.pop() if len(references) == 1 else ""
    is_gift = entry.money.minor > 0 or entry.is_return or reference
    text = "\n".join(entry.texts)[:MOST_LETTERS]
    return BankLine(
        statement=statement,
        digest=digest,
        entry_id=entry.entry_id,
        amount_minor=entry.money.minor,
        currency=entry.money.currency,
        booked_on=entry.booked_on,
        reference=reference,
        provider=entry.provider if is_gift else "",
        country=country_of(entry.account, bic=entry.bic) if entry.money.minor > 0 else "",
        # Rent and wages are here for the balance alone.
        state=BankLine.State.NEW if is_gift else BankLine.State.SET_ASIDE,
        sealed_text=vault().seal(text) if is_gift and text else None,
    )
