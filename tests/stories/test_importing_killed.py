"""`tamizdat import-…`, killed half-way and run again, ends where an uninterrupted run does."""

import json
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing

import pytest

from tests.config.webservers import tamizdat
from tests.patience import until
from tests.stories.importing_inputs import category, item, meta, png, wxr_text
from tests.stories.test_importing_ghost import post, tables

STORIES = range(1, 121)  # each with a picture: more than a batch of either
UPLOADS = "https://old.example/wp-content/uploads"
# A query that never ends: the import stands still in the middle of a batch until it is killed.
HALT = """CREATE TRIGGER halt AFTER {event} WHEN {row} BEGIN SELECT (
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n); END"""
LATE = "(SELECT id FROM wagtailcore_page WHERE slug = 'post-116')"  # in the last batch
# Where it stands still, and what it has brought then for good: how many rows of Imported.
POINTS = {
    "a picture": ("INSERT ON stories_picture", "NEW.file LIKE '%/pier-116.png'", "picture", 100),
    "a place": ("INSERT ON wagtailcore_page", "NEW.slug = 'post-116'", "story", 100),
    "a story": ("UPDATE ON stories_story", f"NEW.page_ptr_id = {LATE}", "written", 100),
    "a redirect": ("INSERT ON wagtailredirects_redirect", "NEW.id > 60", "written", 120),
}
BROUGHT = """SELECT count(*) rows FROM stories_imported
WHERE kind = :kind OR :kind = 'written' AND kind = 'story' AND fingerprint != ''"""
OURS = ("wagtailcore_page", "wagtailredirects_", "wagtailcore_referenceindex", "stories_")
# What tells one run from another whatever they bring: moments, and numbers drawn by lot.
BY_CHANCE = ("translation_key", "_at")


def from_wordpress(folder):
    folder.mkdir()
    items = []
    for n in STORIES:
        (folder / f"pier-{n}.png").write_bytes(png())
        url = f"<wp:attachment_url>{UPLOADS}/pier-{n}.png</wp:attachment_url>"
        extra = category("sea") + category("tides", "post_tag") + meta("_thumbnail_id", 1000 + n)
        items += [item(n, extra=extra), item(1000 + n, "attachment", extra=url)]
    (folder / "old.xml").write_text(wxr_text(*items))
    return ["import-wordpress", folder / "old.xml", "--uploads", folder]


def from_ghost(folder):
    images = folder / "content/images"
    images.mkdir(parents=True)
    for n in STORIES:
        (images / f"pier-{n}.png").write_bytes(png())
    posts = [
        post(n, published_at="2020-05-01 10:00:00", feature_image=f"/content/images/pier-{n}.png")
        for n in STORIES
    ]
    data = {"meta": {"version": "6.65.0"}, "data": tables(*posts)}
    (folder / "old.json").write_text(json.dumps({"db": [data]}))
    return ["import-ghost", folder / "old.json", "--content", folder / "content"]


@pytest.fixture(scope="module")
def old_site(request, founded, tmp_path_factory):
    """The command that brings it in, and what there is after one that nobody interrupted."""
    folder = tmp_path_factory.mktemp(request.param.__name__)
    words = request.param(folder / "old")
    shutil.copytree(founded, folder / "paper")
    assert start(folder / "paper", words).wait() == 0
    return words, outcome(folder / "paper")


def start(home, words):
    command, environ = tamizdat(home, *map(str, words), port=8000)
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)


def ask(home, sql, **values):
    with closing(sqlite3.connect(home / "db.sqlite3", isolation_level=None)) as database:
        database.row_factory = sqlite3.Row
        return list(map(dict, database.execute(sql, values)))


def outcome(home):
    """All rows that an import may write, and all files."""
    names = [row["name"] for row in ask(home, "SELECT name FROM sqlite_master WHERE type='table'")]
    rows = {name: rows_of(home, name) for name in names if name.startswith(OURS)}
    return rows, sorted(path.name for path in home.glob("media/*/*"))


def rows_of(home, table):
    in_any_order = {"id"} if table == "wagtailcore_referenceindex" else set()
    found = ask(home, f"SELECT * FROM {table}")
    return sorted(
        str({k: v for k, v in row.items() if not k.endswith(BY_CHANCE) and k not in in_any_order})
        for row in found
    )


@pytest.mark.parametrize(
    ("old_site", "point"),
    [*((from_wordpress, point) for point in POINTS), (from_ghost, "a picture")],
    indirect=["old_site"],
)
def test_an_import_that_is_killed_is_finished_by_the_next(founded, old_site, tmp_path, point):
    words, whole = old_site
    home = shutil.copytree(founded, tmp_path / "paper")
    event, row, kind, count = POINTS[point]
    ask(home, HALT.format(event=event, row=row))
    killed = start(home, words)

    def stands_still():
        has_file = kind != "picture" or list(home.glob("media/*/pier-116.png"))
        return (has_file and ask(home, BROUGHT, kind=kind) == [{"rows": count}]) or None

    until(stands_still, what=f"{count} of {kind}", alive=lambda: killed.poll() is None)
    killed.kill()
    assert killed.wait() == -signal.SIGKILL
    ask(home, "DROP TRIGGER halt")
    assert start(home, words).wait() == 0
    assert outcome(home) == whole
