"""The tables in a Ghost export, read as a stream: only the columns that we want are ever kept."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ijson

from tamizdat.stories.importing.export import ImportRefused

Row = dict[str, Any]

VERSIONS = range(1, 7)
AGAIN = "Export it again in Ghost (Settings, Import/Export, Content & settings)."
# Where the tables are: in what Ghost writes, and in the flat form of migration tools.
_ROOTS = ("db.item.data", "db.data", "data")
# An export also holds password hashes, keys and addresses. What is not named here is not kept.
_COLUMNS = {
    "posts_meta": (
        "post_id meta_title meta_description feature_image_alt feature_image_caption email_only "
        "og_title og_description og_image twitter_title twitter_description twitter_image"
    ),
    "posts_authors": "post_id author_id sort_order",
    "posts_tags": "post_id tag_id sort_order",
    "settings": "key value",
    "tags": "id name slug description visibility feature_image meta_title meta_description",
    "users": "id name slug bio profile_image",
}
_SETTINGS = {
    "title",
    "locale",
    "lang",
    "default_locale",
    "codeinjection_head",
    "codeinjection_foot",
}
_KEYS = {  # a row without them says nothing
    "posts_authors": ("post_id", "author_id"),
    "posts_meta": ("post_id",),
    "posts_tags": ("post_id", "tag_id"),
    "tags": ("id", "slug"),
    "users": ("id",),
}
_MAGIC = {
    b"PK": "is a zip archive. Unpack it and give the .json file inside.",
    b"\x1f\x8b": "is compressed with gzip. Unpack it first and give the .json file inside.",
    b"<": f"is a web page or XML, not a Ghost export. {AGAIN}",
}


@dataclass(slots=True)
class Tables:
    """What is in an export beside its posts, which are read again as often as they are wanted."""

    path: Path
    root: str = ""
    version: str = ""
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in _COLUMNS})
    counts: Counter[str] = field(default_factory=Counter)

    def posts(self) -> Iterator[Row]:
        with self.path.open("rb") as file:
            yield from ijson.items(file, f"{self.root}.posts.item")


def read(path: Path) -> Tables:
    """Everything but the posts, and how many of those there are.

    Raises ImportRefused if it is no whole Ghost export.
    """
    _refuse_by_its_bytes(path)
    tables = Tables(path)
    try:
        with path.open("rb") as file:
            _scan(ijson.parse(file), tables)
    except ijson.IncompleteJSONError as trouble:
        raise ImportRefused(_what_is_wrong(path, str(trouble))) from None
    except (ijson.JSONError, UnicodeDecodeError, ValueError):
        raise ImportRefused(f"{path.name} is damaged: it is not JSON throughout. {AGAIN}") from None
    _refuse_what_is_not_ghost(tables)
    return tables


def _scan(events: Iterator[tuple[str, str, Any]], tables: Tables) -> None:
    row: Row = {}
    for prefix, event, value in events:
        if prefix.endswith("meta.version") and not tables.version and event == "string":
            tables.version = value
        if prefix in _ROOTS and event == "start_map":
            tables.root = prefix
        if not tables.root or not prefix.startswith(tables.root + "."):
            continue
        table, _dot, place = prefix[len(tables.root) + 1 :].partition(".")
        if place == "item" and event == "start_map":
            row = {}
        elif place == "item" and event == "end_map":
            _keep(table, row, tables)
        elif place.removeprefix("item.") in _WANTED.get(table, ()):
            row[place.removeprefix("item.")] = value


_WANTED = {table: set(names.split()) for table, names in _COLUMNS.items()}


def _keep(table: str, row: Row, tables: Tables) -> None:
    tables.counts[table] += 1
    is_whole = all(row.get(key) for key in _KEYS.get(table, ()))
    if table in _COLUMNS and is_whole and (table != "settings" or row.get("key") in _SETTINGS):
        tables.rows[table].append(row)


def _refuse_by_its_bytes(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(100).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise ImportRefused(f"{path.name} is empty. {AGAIN}")
    for magic, why in _MAGIC.items():
        if start.startswith(magic):
            raise ImportRefused(f"{path.name} {why}")


def _what_is_wrong(path: Path, trouble: str) -> str:
    if "premature EOF" in trouble or "Incomplete" in trouble:
        return f"{path.name} is cut off: its end is missing. Download it or export it again."
    return f"{path.name} is damaged: it is not JSON throughout. {AGAIN}"


def _refuse_what_is_not_ghost(tables: Tables) -> None:
    name = tables.path.name
    if not tables.root or "posts" not in tables.counts:
        raise ImportRefused(f"{name} is JSON, but no Ghost export with posts in it. {AGAIN}")
    major = re.match(r"(\d{1,3})\.\d", tables.version)
    if major is None or int(major[1]) not in VERSIONS:
        said = f"says its version is {tables.version!r}" if tables.version else "names no version"
        raise ImportRefused(
            f"{name} {said}, and only exports of Ghost 1 to 6 are understood. Bring the old site "
            "to one of these first, then export it again."
        )
