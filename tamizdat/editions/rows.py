"""Many rows at once, as plain tuples: a full bake writes millions."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, models

_AT_ONCE = 900  # SQLite takes so many parameters at any version


def get(
    model: type[models.Model], column: str, values: Iterable[Any], *columns: str
) -> list[tuple[Any, ...]]:
    """These columns of the rows whose `column` is one of `values`."""
    found: list[tuple[Any, ...]] = []
    for some in slices(list(values)):
        matching = model._default_manager.filter(**{f"{column}__in": some})
        found.extend(matching.values_list(*columns))
    return found


def delete(model: type[models.Model], column: str, values: Iterable[Any]) -> None:
    """Delete the rows whose `column` is one of `values`."""
    for some in slices(list(values)):
        marks = ", ".join(["%s"] * len(some))
        sql = f'DELETE FROM "{model._meta.db_table}" WHERE "{column}" IN ({marks})'
        with connection.cursor() as cursor:
            cursor.execute(sql, some)


def insert(
    model: type[models.Model], columns: Collection[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Insert rows of a value for each of `columns`; those that are there already stay."""
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'
    prepared = [tuple(map(_plain, row)) for row in rows]
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(f"{sql} ON CONFLICT DO NOTHING", prepared)


def _plain(value: Any) -> Any:
    """What the database's driver takes: Django's fields, asked a million times, are slow."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def slices(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
