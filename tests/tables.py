"""What stands in the tables, kept to be written once more."""

from django.db import connection, transaction

LAST = "editions_change"  # triggers tell of whatever is written before


def read():
    """By table: its columns, and its rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = [column[0] for column in cursor.description], cursor.fetchall()
    return found


def changed(*, since):
    """The tables that hold something else than they did."""
    return {table: kept for table, kept in read().items() if kept != since[table]}


@transaction.atomic
def write(kept):
    """These rows take the place of what stands in their tables."""
    with connection.cursor() as cursor:
        for table, (columns, rows) in sorted(kept.items(), key=lambda each: each[0] == LAST):
            names = ", ".join(f'"{each}"' for each in columns)
            marks = ", ".join(["%s"] * len(columns))
            cursor.execute(f'DELETE FROM "{table}"')
            if rows:
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
