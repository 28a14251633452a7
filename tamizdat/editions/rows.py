"""Many rows at once, as plain tuples: a full bake writes millions."""

from collections.abc import Collection, Iterable, Iterator
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
        model._default_manager.filter(**{f"{column}__in": some})._raw_delete("default")


def insert(
    model: type[models.Model], columns: Collection[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Insert rows of a value for each of `columns`; those that are there already stay."""
    fields: list[Any] = [model._meta.get_field(column) for column in columns]
    prepared = [
        tuple(f.get_db_prep_save(v, connection) for f, v in zip(fields, row, strict=True))
        for row in rows
    ]
    if prepared:
        names = ", ".join(f'"{field.column}"' for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'
        with connection.cursor() as cursor:
            cursor.executemany(f"{sql} ON CONFLICT DO NOTHING", prepared)


def slices(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
