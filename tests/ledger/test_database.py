"""Raw SQL against the books: what the database itself refuses, on SQLite and PostgreSQL."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from tamizdat.ledger import books, triggers
from tamizdat.ledger.books import Posting
from tamizdat.lib.money import Money
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ["ledger_account", "ledger_entry", "ledger_line", "ledger_seal"]


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


def add_line(entry, minor, currency="EUR"):
    account = sql("SELECT id FROM ledger_account LIMIT 1")[0][0]
    sql(
        "INSERT INTO ledger_line (entry_id, account_id, amount_minor, currency)"
        " VALUES (%s, %s, %s, %s)",
        entry,
        account,
        minor,
        currency,
    )


def add_entry(key):
    sql("INSERT INTO ledger_entry (key, memo, at) VALUES (%s, 'by hand', %s)", key, NOON)
    return sql("SELECT id FROM ledger_entry WHERE key = %s", key)[0][0]


def seal(key):
    sql("INSERT INTO ledger_seal (key) VALUES (%s)", key)


@transaction.atomic
def add_lines(entry, *lines):
    for minor, currency in lines:
        add_line(entry, minor, currency)


@transaction.atomic
def write(key, *lines, sealed=True, late=()):
    entry = add_entry(key)
    add_lines(entry, *lines)
    if sealed:
        seal(key)
    add_lines(entry, *late)


@pytest.fixture(autouse=True)
def entry():
    """One finished entry, in its own transaction."""
    eur = Money(500, "EUR")
    books.post(key="gift", memo="", at=NOON, postings=[Posting("a", eur), Posting("b", -eur)])
    return sql("SELECT id FROM ledger_entry")[0][0]


def test_an_entry_written_by_hand_is_welcome_if_it_balances():
    write("by hand", (7, "EUR"), (-7, "EUR"))

    assert books.do_balance()
    assert books.journal().count() == 2


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_deleted(table):
    with pytest.raises(IntegrityError, match="append-only"):
        sql(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "change",
    [
        "ledger_account SET code = 'mine'",
        "ledger_entry SET memo = 'nothing to see'",
        "ledger_entry SET key = 'other'",
        "ledger_line SET amount_minor = amount_minor * 2",
        "ledger_line SET currency = 'USD'",
        "ledger_seal SET key = 'other'",
    ],
)
def test_nothing_is_changed(change):
    with pytest.raises(IntegrityError, match="append-only"):
        sql(f"UPDATE {change}")


BALANCED = [(5, "EUR"), (-5, "EUR")]


@pytest.mark.parametrize("lines", [BALANCED[:1], BALANCED])
def test_no_line_is_added_to_a_finished_entry(entry, lines):
    with pytest.raises(IntegrityError, match="finished"):
        add_lines(entry, *lines)


def test_no_line_is_added_after_the_seal_in_the_same_transaction():
    with pytest.raises(IntegrityError, match="finished"):
        write("mine", *BALANCED, late=BALANCED)


@pytest.mark.parametrize("lines", [[], BALANCED[:1], [(5, "EUR"), (-5, "USD")]])
def test_what_does_not_balance_is_not_sealed(lines):
    with pytest.raises(IntegrityError, match="balance"):
        write("mine", *lines)


@pytest.mark.parametrize("lines", [[], BALANCED[:1], BALANCED])
def test_what_is_not_sealed_is_not_committed(lines):
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        write("mine", *lines, sealed=False)
    assert books.journal().count() == 1


def test_a_seal_without_an_entry_is_refused():
    with pytest.raises(IntegrityError, match="balance"):
        seal("nothing")


@pytest.mark.parametrize("minor", [0, "five"])
def test_an_amount_is_a_number_and_not_zero(minor):
    with pytest.raises(DatabaseError), transaction.atomic():
        add_line(add_entry("mine"), minor)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's bigint is always whole")
def test_sqlite_keeps_no_half_cents():
    with pytest.raises(IntegrityError), transaction.atomic():
        add_line(add_entry("mine"), 0.5)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can replace a row")
@pytest.mark.parametrize(
    "replacement",
    [
        "ledger_account (id, code) SELECT id, 'mine' FROM ledger_account",
        "ledger_entry (id, key, memo, at) SELECT id, key, 'mine', at FROM ledger_entry",
        "ledger_entry (key, memo, at) SELECT key, 'mine', at FROM ledger_entry",
        "ledger_line (id, entry_id, account_id, amount_minor, currency)"
        " SELECT id, entry_id, account_id, 2 * amount_minor, currency FROM ledger_line",
        "ledger_seal (key) SELECT key FROM ledger_seal",
    ],
)
def test_nothing_is_replaced(replacement):
    with pytest.raises(IntegrityError):
        sql(f"INSERT OR REPLACE INTO {replacement}")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_the_books_cannot_be_emptied_at_once():
    with pytest.raises(IntegrityError, match="append-only"):
        sql("TRUNCATE ledger_line, ledger_entry, ledger_seal, ledger_account CASCADE")


def test_a_lost_guard_is_reported_and_migrate_puts_it_back():
    assert not _about_the_ledger()
    on = " ON ledger_line" if connection.vendor == "postgresql" else ""
    sql(f"DROP TRIGGER ledger_line_is_never_changed{on}")

    assert _about_the_ledger() == ["ledger.W001"]
    call_command("migrate", verbosity=0)
    assert triggers.missing(connection) == set()


def _about_the_ledger():
    found = run_checks(databases=["default"], tags=["database"])
    return [each.id for each in found if each.id.startswith("ledger.")]
