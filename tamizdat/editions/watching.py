"""Which changes of the database matter to pages, and the triggers that write them down.

A change is a *token*, such as `page:12` or `under:00010001`, written by the database itself in the
transaction that changed the row: so `update()`, a move of a whole branch and a hand at a prompt are
noticed like any save. Whoever adds a table to what pages show says here what it tells.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from django.db.backends.base.base import BaseDatabaseWrapper

EVERYTHING = "everything"  # the token after which all pages are baked anew
OUTBOX = "editions_change"
_PREFIX = "editions_tells_"


@dataclass(frozen=True)
class Watched:
    """When one of `columns` of a row of `table` changes, `tokens` and `selects` are told.

    Both are SQL over `{row}`, which is the row as it was and as it is; `{utc_month[row.at]}` is the
    month of a moment, such as 2026-05. Every row that comes or goes is told too. Without
    columns all of them matter.
    """

    table: str
    tokens: Sequence[str] = ()
    selects: Sequence[str] = ()  # each yields one column of tokens
    columns: Sequence[str] = ()
    covers: Collection[str] = field(default_factory=tuple)  # kinds of tokens that speak of it

    @property
    def trigger(self) -> str:
        words = repr((self.tokens, self.selects, self.columns))
        return f"{_PREFIX}{self.table}_{blake2b(words.encode(), digest_size=4).hexdigest()}"


_watched: list[Watched] = []


def register(rules: Iterable[Watched]) -> None:
    """Have the database tell of these. Before `migrate` has run it does not yet."""
    _watched.extend(rule for rule in rules if rule not in _watched)


def refuse_unwatched(tables: Collection[str], tokens: Iterable[str], *, of: str) -> None:
    """Raise LookupError if a table was read of which no token here would tell a change."""
    if not tables:
        return
    kinds = {EVERYTHING} | {token.partition(":")[0] for token in tokens}
    told = {rule.table for rule in _watched if kinds & set(rule.covers)}
    if unwatched := set(tables) - told:
        raise LookupError(f"{of} reads {', '.join(sorted(unwatched))} and watches none of it.")


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers what the rules say. Repeating it is harmless."""
    present = set(connection.introspection.table_names())
    if OUTBOX not in present:
        return
    installed = _installed(connection)
    wanted = {rule.trigger: rule for rule in _rules(connection, present)}
    with connection.cursor() as cursor:
        for name in installed.keys() - _names(wanted):
            on = f" ON {installed[name]}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")
        for name, rule in wanted.items():
            if not _names({name: rule}) <= installed.keys():
                for statement in _statements(rule, connection.vendor):
                    cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The triggers that should be in place and are not."""
    present = set(connection.introspection.table_names())
    wanted = [rule.trigger for rule in _rules(connection, present)]
    return _names(wanted) - _installed(connection).keys()


def _rules(connection: BaseDatabaseWrapper, present: Collection[str]) -> Iterable[Watched]:
    """Those of tables that are there, each with the columns it looks at."""
    for rule in _watched:
        if rule.table in present and not rule.columns:
            with connection.cursor() as cursor:
                found = connection.introspection.get_table_description(cursor, rule.table)
            yield replace(rule, columns=[column.name for column in found])
        elif rule.table in present:
            yield rule


_EVENTS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def _names(rules: Iterable[str]) -> set[str]:
    return {f"{name}_{event}" for name in rules for event in _EVENTS}


def _installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    catalogue = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, relname FROM pg_trigger t JOIN pg_class c "
        "ON c.oid = t.tgrelid WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        return {name: table for name, table in cursor.fetchall() if name.startswith(_PREFIX)}


def _statements(rule: Watched, vendor: str) -> Iterable[str]:
    different = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    columns = f" OF {', '.join(_quoted(rule.columns))}"
    changed = " OR ".join(f"OLD.{c} {different} NEW.{c}" for c in _quoted(rule.columns))
    when = f" WHEN ({changed})"
    for event, rows in _EVENTS.items():
        name = f"{rule.trigger}_{event}"
        is_update = event == "update"
        head = f"AFTER {event.upper()}{columns if is_update else ''} ON {rule.table} FOR EACH ROW"
        head += when if is_update else ""
        body = " ".join(_told(rule, rows, vendor))
        if vendor == "sqlite":
            yield f"CREATE TRIGGER {name} {head} BEGIN {body} END"
        else:
            yield (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN {body} RETURN NULL; END $$"
            )
            yield f"CREATE OR REPLACE TRIGGER {name} {head} EXECUTE FUNCTION {name}()"


def _told(rule: Watched, rows: Iterable[str], vendor: str) -> Iterable[str]:
    for row in rows:
        words = {"row": row, "utc_month": _Months(row, vendor)}
        for token in rule.tokens:
            yield f"INSERT INTO {OUTBOX} (token) VALUES ({token.format_map(words)});"
        for select in rule.selects:
            yield f"INSERT INTO {OUTBOX} (token) {select.format_map(words)};"


def utc_month(column: str, vendor: str) -> str:
    """SQL for the month in UTC of a moment, such as 2026-05; SQLite keeps moments as text."""
    if vendor == "sqlite":
        return f"substr({column}, 1, 7)"
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM')"


@dataclass(frozen=True)
class _Months:
    """The same for the columns of a row, by their names."""

    row: str
    vendor: str

    def __getitem__(self, column: str) -> str:
        return utc_month(column.replace("row.", f"{self.row}."), self.vendor)


def _quoted(columns: Iterable[str]) -> list[str]:
    return [f'"{column}"' for column in columns]
