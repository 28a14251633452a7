"""Indexes that Wagtail's own table lacks: for what every list and every page asks."""

from django.db.backends.base.base import BaseDatabaseWrapper

PARENT = "substr(path, 1, length(path) - 4)"  # SQL for the path of the page above a page
_LACKING = {
    "stories_newest": "first_published_at DESC, id DESC",
    "stories_under": "depth, path",  # the fronts, of which every page asks, are few of many
    "stories_newest_below": f"({PARENT}), first_published_at DESC, id DESC, live",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Make them if they are not there: a migration that rebuilds the table on SQLite loses them."""
    if "wagtailcore_page" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            for name, columns in _LACKING.items():
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON wagtailcore_page ({columns})")
