"""An index that Wagtail's own table lacks: the newest stories are what every list asks for."""

from django.db.backends.base.base import BaseDatabaseWrapper

_NEWEST = "stories_newest"


def install(connection: BaseDatabaseWrapper) -> None:
    """Make it if it is not there: a migration that rebuilds the table on SQLite loses it."""
    if "wagtailcore_page" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {_NEWEST} "
                "ON wagtailcore_page (first_published_at DESC, id DESC)"
            )
