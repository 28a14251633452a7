"""What becomes of money after it was taken, as lines in the books."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b

from tamizdat.ledger import books
from tamizdat.ledger.books import KeyReused, Posting
from tamizdat.lib.money import Money
from tamizdat.payments.errors import Unexplained
from tamizdat.payments.models.account import OUR_BANK
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import RefundsByClaim

MOST_CORRECTIONS = 9
EXCHANGE = "exchange"  # what was given in one currency and came in another
DISPUTED = "disputed"  # away, until the giver's bank decides
DISPUTE_FEES = "dispute-fees"
BANK = OUR_BANK  # what providers paid out to the newsroom's own account
SUSPENSE = "suspense"  # moved at a provider, and nobody knows why
WON, LOST, RETURNED = ":won", ":lost", ":returned"  # what a key ends with
BY_HAND = ":by-hand"
CORRECTION = re.compile(rf"(:[1-9]|{BY_HAND})$")


def cash(provider: str) -> str:
    """Where we book what it holds for us; our own bank is one of those who do."""
    return BANK if provider == BANK else f"cash-{provider}"


def key_of(provider: str, name: str) -> str:
    """Under which the books have what its provider calls `name`. Raises NotSetUp.

    The books go to people outside. Where whoever knows the name can claim the money, or see which
    coins it was, they have a digest of it: the same for the same name, for ever.
    """
    is_opened_by_name = isinstance(registry.get(provider), RefundsByClaim)
    digest = blake2b(name.encode(), digest_size=16).hexdigest()
    return f"{provider}:{digest if is_opened_by_name else name}"


def keys_of(key: str) -> list[str]:
    """Of an entry and of those that may correct it."""
    return [key, *(f"{key}:{n}" for n in range(1, MOST_CORRECTIONS + 1))]


def key_corrected(key: str) -> str:
    """The entry that this one corrects, or itself."""
    return CORRECTION.sub("", key)


def booked(keys: Sequence[str], *accounts: str) -> dict[str, list[Money]]:
    """What those of `keys` that are in the books, and their corrections, did to the accounts."""
    together: dict[str, list[Posting]] = {}
    whole = [each for key in keys for each in (*keys_of(key), f"{key}{BY_HAND}")]
    for key, postings in books.written(whole).items():
        together.setdefault(key_corrected(key), []).extend(postings)
    return {key: sums(postings, *accounts) for key, postings in together.items()}


def correct(
    key: str, *, provider: str, gross: Money, fee: Money, fees: str = "fees", at: datetime
) -> bool:
    """Bring what is booked under `key` to what came of it in the provider's balance.

    `gross`, positive towards us, and `fee` are in the currency of that balance. What was booked in
    another one goes out of it through `exchange`, so that each currency still sums to zero. False
    when nothing was off.

    Raises Unexplained where the money itself differs, and not its fee or its currency.
    """
    keys = keys_of(key)
    written = books.written(keys)
    before = [posting for postings in written.values() for posting in postings]
    postings = [
        *_change(before, cash(provider), gross - fee),
        *_change(before, fees, fee),
    ]
    if not postings:
        return False
    postings += [Posting(EXCHANGE, -money) for money in sums(postings)]
    if len(sums([*before, *postings], EXCHANGE)) == 1 or len(written) == len(keys):
        raise Unexplained(f"{key} is about other money than what is booked")
    try:
        books.post(key=keys[len(written)], memo=f"correction of {key}", at=at, postings=postings)
    except KeyReused as error:
        raise Unexplained(f"{key} is being corrected by somebody else") from error
    return True


def sums(postings: Iterable[Posting], *accounts: str) -> list[Money]:
    """In each currency in which it is not 0; of these accounts, or of all."""
    total: Counter[str] = Counter()
    for account, money in postings:
        if not accounts or account in accounts:
            total[money.currency] += money.minor
    return [Money(minor, currency) for currency, minor in sorted(total.items()) if minor]


def _change(before: Iterable[Posting], account: str, wanted: Money) -> list[Posting]:
    """What brings `account` to `wanted`, and to nothing in every other currency."""
    undo = [Posting(account, -money) for money in sums(before, account)]
    return [Posting(account, money) for money in sums([*undo, Posting(account, wanted)])]
