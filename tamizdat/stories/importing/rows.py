"""Many rows in one statement, where Django would save each: a page is two rows in two tables."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model

Values = Sequence[Any]
# Most values by far; asking each field what to do with them took a tenth of an import.
_AS_THEY_ARE = {str, int, bool, type(None)}


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Values]) -> None:
    """Insert rows into the model's own table, not into those of its parents."""
    fields = _fields(model, names)
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = _quoted(model._meta.db_table)
    _run(f"INSERT INTO {table} ({columns}) VALUES ({places})", fields, rows)  # noqa: S608


def update(model: type[Model], names: Sequence[str], rows: Iterable[Values]) -> None:
    """Write the columns `names` of the model's own table; each row ends with the primary key."""
    fields = _fields(model, names)
    columns = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    table, key = _quoted(model._meta.db_table), model._meta.pk
    where = f"{_quoted(key.column)} = %s"
    _run(f"UPDATE {table} SET {columns} WHERE {where}", [*fields, key], rows)  # noqa: S608


def _run(statement: str, fields: Sequence[Field[Any, Any]], rows: Iterable[Values]) -> None:
    prepared = [
        [
            value if type(value) in _AS_THEY_ARE else field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        ]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, prepared)


def _fields(model: type[Model], names: Sequence[str]) -> list[Field[Any, Any]]:
    by_name = {field.attname: field for field in model._meta.local_concrete_fields}
    return [by_name[name] for name in names]


def _quoted(name: str | None) -> str:
    return str(connection.ops.quote_name(name or ""))
