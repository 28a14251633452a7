"""What the database itself refuses, so that no code of ours, and no hand at a prompt, can.

Once an entry is sealed nothing is added to it; once written nothing is changed or deleted; only
what sums to zero in every currency is sealed; and what is not sealed cannot be committed, for
`ledger_entry.key` is a deferred foreign key to the seals. docs/adr/0002 says why it is so.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("ledger_account", "ledger_entry", "ledger_line", "ledger_seal")
NAMES = {
    *(f"{table}_is_never_{what}" for table in TABLES for what in ("changed", "deleted")),
    "ledger_line_joins_an_unsealed_entry",
    "ledger_seal_closes_what_balances",
    "ledger_entry_opens_its_day",
}
DAY_LOCK = 1_818_584_164  # "led" and a "d", as PostgreSQL wants its advisory locks named

_UNBALANCED = """
    NOT EXISTS (SELECT 1 FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id
                WHERE e.key = NEW.key)
    OR EXISTS (SELECT 1 FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id
               WHERE e.key = NEW.key GROUP BY l.currency HAVING SUM(l.amount_minor) <> 0)
"""
_NOT_OPEN = """
    NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = NEW.entry_id)
    OR EXISTS (SELECT 1 FROM ledger_entry e JOIN ledger_seal s ON s.key = e.key
               WHERE e.id = NEW.entry_id)
"""

_DAY_OF = {"sqlite": "substr({at}, 1, 10)", "postgresql": "({at} AT TIME ZONE 'UTC')::date"}
_EVERY_DAY_HAS_ITS_ROW = {
    vendor: f"INSERT INTO ledger_day (day, is_open) SELECT DISTINCT {day.format(at='at')}, TRUE "  # noqa: S608
    "FROM ledger_entry WHERE TRUE ON CONFLICT DO NOTHING"
    for vendor, day in _DAY_OF.items()
}
_SQLITE_OPENS_THE_DAY = f"""
    CREATE TRIGGER IF NOT EXISTS ledger_entry_opens_its_day AFTER INSERT ON ledger_entry BEGIN
        INSERT INTO ledger_day (day, is_open) VALUES ({_DAY_OF["sqlite"].format(at="NEW.at")}, TRUE)
            ON CONFLICT (day) DO UPDATE SET is_open = TRUE WHERE NOT is_open;
    END
"""  # noqa: S608
# The lock is held in common until the commit: sums.py takes it alone. The row is only looked at, or
# all who book today would wait for one another.
_POSTGRESQL_OPENS_THE_DAY = f"""
    CREATE OR REPLACE FUNCTION ledger_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE the_day date := {_DAY_OF["postgresql"].format(at="NEW.at")};
    BEGIN
        PERFORM pg_advisory_xact_lock_shared({DAY_LOCK}, the_day - DATE '2000-01-01');
        IF NOT EXISTS (SELECT 1 FROM ledger_day WHERE day = the_day AND is_open) THEN
            INSERT INTO ledger_day (day, is_open) VALUES (the_day, TRUE)
                ON CONFLICT (day) DO UPDATE SET is_open = TRUE;
        END IF;
        RETURN NEW;
    END $$
"""  # noqa: S608


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every guard in place, if there are books to guard. Repeating it is harmless."""
    if not _has_books(connection):
        return
    statements = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        # Those that were booked while the trigger was not there.
        cursor.execute(_EVERY_DAY_HAS_ITS_ROW[connection.vendor])


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away: only to empty a test's database."""
    with connection.cursor() as cursor:
        for name in _installed(connection):
            on = f" ON {_table(name)}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the guards that should be in place and are not."""
    return NAMES - _installed(connection) if _has_books(connection) else set()


def _has_books(connection: BaseDatabaseWrapper) -> bool:
    return {*TABLES, "ledger_day"} <= set(connection.introspection.table_names())


def _installed(connection: BaseDatabaseWrapper) -> set[str]:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        return {name for (name,) in cursor.fetchall() if name.startswith("ledger_")}


def _table(trigger: str) -> str:
    return next(table for table in TABLES if trigger.startswith(f"{table}_"))


def _sqlite() -> list[str]:
    def guard(name: str, event: str, refused_when: str, why: str) -> str:
        return (
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {_table(name)} "
            f"WHEN {refused_when} BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )

    # INSERT OR REPLACE deletes without asking a delete trigger, so it is refused by itself;
    # and SQLite would keep half a cent in a whole-number column.
    replaced = {
        "ledger_account": "EXISTS (SELECT 1 FROM ledger_account WHERE id=NEW.id OR code=NEW.code)",
        "ledger_entry": "EXISTS (SELECT 1 FROM ledger_entry WHERE id=NEW.id OR key=NEW.key)",
        "ledger_line": "EXISTS (SELECT 1 FROM ledger_line WHERE id=NEW.id)"
        " OR typeof(NEW.amount_minor) <> 'integer'",
        "ledger_seal": "EXISTS (SELECT 1 FROM ledger_seal WHERE key=NEW.key)",
    }
    return [
        *(
            guard(f"{table}_is_never_{what}", event, "TRUE", "the books are append-only")
            for table in TABLES
            for what, event in (("changed", "UPDATE"), ("deleted", "DELETE"))
        ),
        *(
            guard(f"{table}_is_never_replaced", "INSERT", when, "the books are append-only")
            for table, when in replaced.items()
        ),
        guard("ledger_line_joins_an_unsealed_entry", "INSERT", _NOT_OPEN, "the entry is finished"),
        guard(
            "ledger_seal_closes_what_balances", "INSERT", _UNBALANCED, "the entry does not balance"
        ),
        _SQLITE_OPENS_THE_DAY,
    ]


def _postgresql() -> list[str]:
    def refusal(function: str, refused_when: str, why: str) -> str:
        return (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF {refused_when} THEN RAISE EXCEPTION '{why}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )

    def guard(name: str, event: str, function: str, each: str = "ROW") -> str:
        return (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {_table(name)} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()"
        )

    return [
        refusal("ledger_refuse", "TRUE", "the books are append-only"),
        refusal("ledger_refuse_late_line", _NOT_OPEN, "the entry is finished"),
        refusal("ledger_refuse_unbalanced", _UNBALANCED, "the entry does not balance"),
        _POSTGRESQL_OPENS_THE_DAY,
        *(
            guard(f"{table}_is_never_{what}", event, "ledger_refuse", each)
            for table in TABLES
            for what, event, each in (
                ("changed", "UPDATE", "ROW"),
                ("deleted", "DELETE", "ROW"),
                ("emptied", "TRUNCATE", "STATEMENT"),
            )
        ),
        guard("ledger_line_joins_an_unsealed_entry", "INSERT", "ledger_refuse_late_line"),
        guard("ledger_seal_closes_what_balances", "INSERT", "ledger_refuse_unbalanced"),
        guard("ledger_entry_opens_its_day", "INSERT", "ledger_open_day"),
    ]
