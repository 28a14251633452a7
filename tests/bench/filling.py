"""Books of any size, written by the database itself: gifts of supporters, month after month.

What stands in them could have come from the product: every gift has a charge, a due, an entry that
balances and a seal; one in two hundred was given back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction

from tamizdat.funding.models import Supporter
from tamizdat.ledger import sums, triggers
from tamizdat.payments.models import KeptSum

ADDRESS = "ana@example.org"  # whose history is looked at
PROVIDER = "bench"  # whose account with us says the same as the books
CURRENCIES = ("USD", "EUR", "GBP", "JPY")
ACCOUNTS = {1: "cash-bench", 2: "fees", 3: "reader-funding"}
ONE_GIVEN_BACK = 200
_TEXT = {
    "sqlite": {
        "numbers": "(WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c"
        " WHERE i < {count}) SELECT i FROM c) AS n",
        "at": "strftime('%Y-%m-%d %H:%M:%S', {epoch} + ({seconds}), 'unixepoch')",
        "bytes": "X'00'",
        "day": "substr({at}, 1, 10)",
    },
    "postgresql": {
        "numbers": "generate_series(1, CAST({count} AS bigint)) AS n(i)",
        "at": "to_timestamp({epoch} + ({seconds}))",
        "bytes": "'\\x00'::bytea",
        "day": "(({at}) AT TIME ZONE 'UTC')::date",
    },
}


@dataclass(frozen=True)
class Size:
    entries: int
    first: date
    days: int = 730
    gifts_each: int = 25

    @property
    def supporters(self) -> int:
        return max(1, self.entries // self.gifts_each)


def fill(size: Size) -> None:
    """Fill an empty database, with the guards of the books aside for that time."""
    triggers.remove(connection)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _be_quick(cursor)
            Supporter.objects.at(ADDRESS, language="en", now=_midnight(size.first))
            for statement in _statements(size):
                cursor.execute(statement)
            _go_on_counting(cursor)
    finally:
        triggers.install(connection)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def add_up(size: Size) -> None:
    """As the worker does on the day after the last."""
    sums.add_up(now=_midnight(size.first + timedelta(days=size.days)))
    with transaction.atomic():
        last = size.first + timedelta(days=size.days)
        KeptSum.objects.add_up(PROVIDER, size.first, last)


def _be_quick(cursor: object) -> None:
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")  # type: ignore[attr-defined]
        cursor.execute("SET LOCAL synchronous_commit = off")  # type: ignore[attr-defined]


def _statements(size: Size) -> Iterator[str]:
    words = _TEXT[connection.vendor]
    count, people = size.entries, size.supporters
    seconds = f"i * {size.days * 86400 - 1} / {count}"
    epoch = int(_midnight(size.first).timestamp())
    at = words["at"].format(epoch=epoch, seconds=seconds)
    day = words["day"].format(at=at)
    start = f"'{size.first.isoformat()}'"
    [pk] = Supporter.objects.values_list("pk", flat=True)
    rows = words["numbers"].format(count=count)
    supporters = words["numbers"].format(count=people)
    whose = f"({pk} + (i - 1) % {people})"
    currency = " ".join(f"WHEN {n} THEN '{code}'" for n, code in enumerate(CURRENCIES, start=0))
    currency = f"CASE {whose} % {len(CURRENCIES)} {currency} END"
    minor, fee = "(200 + (i % 7) * 100)", "(35 + (i % 7) * 3)"
    back = f"CASE WHEN i % {ONE_GIVEN_BACK} = 0 THEN 100 ELSE 0 END"
    yield (
        "INSERT INTO funding_supporter (id, public_id, sealed_key, sealed_address, address_index,"
        f" language, mail_profile, created_at)"
        f" SELECT {pk} + i, 'bench' || i, {words['bytes']}, {words['bytes']},"
        f" 'bench' || i, 'en', 'normal', {start} FROM {supporters} WHERE i < {people}"
    )
    yield (
        "INSERT INTO payments_instrument (id, provider, sealed_token, issuer_country, state,"
        f" created_at) VALUES (1, 'bench', {words['bytes']}, 'GB', 'active', {start})"
    )
    yield (
        "INSERT INTO funding_pledge (id, public_id, supporter_id, amount_minor, currency,"
        ' "interval", state, anchor_on, next_due_on, instrument_id, source_page, appeal, arm,'
        " created_at)"
        f" SELECT {pk} - 1 + i, 'bench' || i, {pk} - 1 + i, 500, 'USD', 'month', 'active', {start},"
        f" '2099-01-01', 1, '', '', '', {start} FROM {supporters}"
    )
    yield (
        "INSERT INTO payments_charge (id, reference, receipt_digits, amount_minor, currency, state,"
        " refunded_minor, disputed_minor, created_at, succeeded_at)"
        f" SELECT i, 'bench' || i, 'bench' || i, {minor}, {currency}, 'succeeded', {back}, 0, {at},"
        f" {at} FROM {rows}"
    )
    yield (
        "INSERT INTO funding_due (id, pledge_id, period_on, charge_id, tries)"
        f" SELECT i, {whose}, {day}, i, 1 FROM {rows}"
    )
    yield (
        "INSERT INTO payments_refund (charge_id, idempotency_key, amount_minor, state, remote_id,"
        f" reason, created_at)"
        f" SELECT i, 'bench' || i, 100, 'succeeded', 'bench' || i, 'asked', {at}"
        f" FROM {rows} WHERE i % {ONE_GIVEN_BACK} = 0"
    )
    one = words["numbers"].format(count=1)
    yield from _books(rows, at=at, minor=minor, fee=fee, currency=currency)
    yield from _account(rows, one, at=at, minor=minor, fee=fee, currency=currency)


def _books(rows: str, *, at: str, minor: str, fee: str, currency: str) -> Iterator[str]:
    for number, code in ACCOUNTS.items():
        yield f"INSERT INTO ledger_account (id, code) VALUES ({number}, '{code}')"
    yield f"INSERT INTO ledger_seal (key) SELECT 'bench:' || i FROM {rows}"
    yield (
        "INSERT INTO ledger_entry (id, key, memo, at)"
        f" SELECT i, 'bench:' || i, 'payment bench' || i, {at} FROM {rows}"
    )
    yield (
        "INSERT INTO ledger_line (id, entry_id, account_id, amount_minor, currency)"
        f" SELECT 3 * i + a.id, i, a.id, CASE a.id WHEN 1 THEN {minor} - {fee} WHEN 2 THEN {fee}"
        f" ELSE -{minor} END, {currency} FROM {rows}, ledger_account a"
    )


def _account(rows: str, one: str, *, at: str, minor: str, fee: str, currency: str) -> Iterator[str]:
    yield (
        "INSERT INTO payments_keptline (id, provider, line_id, movement, at, gross_minor,"
        " fee_minor, currency, payment_id, object_id, key)"
        f" SELECT i, '{PROVIDER}', 'bench' || i, 'payment', {at}, {minor}, {fee}, {currency},"
        f" 'bench' || i, '', 'bench:' || i FROM {rows}"
    )
    yield (
        "INSERT INTO payments_reconciliation (provider, until)"
        f" SELECT '{PROVIDER}', {at} FROM {one}"
    )


def _go_on_counting(cursor: object) -> None:
    """Whoever writes next gets a number that is free. SQLite sees by itself."""
    if connection.vendor != "postgresql":
        return
    for table in (
        "funding_supporter",
        "funding_pledge",
        "funding_due",
        "payments_instrument",
        "payments_charge",
        "payments_keptline",
        "ledger_account",
        "ledger_entry",
        "ledger_line",
    ):
        cursor.execute(  # type: ignore[attr-defined]
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
