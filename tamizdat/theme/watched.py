"""Which tables readers see something of, and what a change of them is called.

`page:12`: something on that page. `under:0001`: which pages stand right under that place of the
tree, and when they appeared; `under:0001:2026-05` the same for a month of UTC. `names:0001`: what
they are called. `by:7`, `on:7`: which stories an author or topic has. `says:…`: translations.
`corrections:2026`: what was corrected in that year.
"""

from collections.abc import Iterator

from tamizdat.editions.watching import EVERYTHING, Watched

_PAGE = "wagtailcore_page"
_TYPES = ["story", "front", "section", "author", "authors", "topic", "topics", "plainpage"]
_ROWS_OF_PAGES = {
    "stories_readmorepick": "of_id",
    "stories_keptreadmore": "of_id",
    "stories_changenote": "of_id",
    "stories_frontpick": "front_id",
}
_OF_APPEALS = [
    "message",
    "message_sections",
    "message_not_sections",
    "message_topics",
    "message_not_topics",
    "campaign",
    "experiment",
    "arm",
    "asking",
    "asking_wary_in",
]
_LISTS = {"by": ("stories_byline", "author_id"), "on": ("stories_storytopic", "topic_id")}
_SHOWN = [
    "title",
    "slug",
    "url_path",
    "path",
    "live",
    "locale_id",
    "content_type_id",
    "show_in_menus",
    "seo_title",
    "search_description",
    "first_published_at",
    "translation_key",
]
_LISTED = ["path", "live", "first_published_at", "content_type_id", "show_in_menus"]
_ABOVE = "substr({row}.path, 1, length({row}.path) - 4)"
_MONTH = "COALESCE({utc_month[row.first_published_at]}, '')"


def watched() -> Iterator[Watched]:
    yield from _pages()
    yield from _rows_of_pages()
    yield from _media()
    yield Watched("outlet_masthead", ["'masthead'"], covers=["masthead"])
    for table in _OF_APPEALS:
        yield Watched(f"appeals_{table}", ["'message'"], covers=["message"])
    yield Watched("funding_riskrule", ["'risk'"], covers=["risk"])
    yield Watched("funding_amountladder", ["'amounts'"], covers=["amounts"])
    yield Watched("wagtailredirects_redirect", ["'redirect:' || {row}.id"], covers=["redirect"])
    for table in ("wagtailcore_locale", "wagtailcore_site", "django_content_type"):
        yield Watched(table, [f"'{EVERYTHING}'"], covers=[EVERYTHING])


def _pages() -> Iterator[Watched]:
    tokens = ["page", "under", "names", "says", "by", "on"]
    yield Watched(_PAGE, ["'page:' || {row}.id"], columns=_SHOWN, covers=tokens)
    yield Watched(
        _PAGE,
        [f"'under:' || {_ABOVE}", f"'under:' || {_ABOVE} || ':' || {_MONTH}"],
        selects=[
            f"SELECT '{kind}:' || {column}{month} FROM {table} WHERE of_id = {{row}}.id"
            for kind, (table, column) in _LISTS.items()
            for month in ("", f" || ':' || {_MONTH}")
        ],
        columns=_LISTED,
    )
    yield Watched(_PAGE, [f"'names:' || {_ABOVE}"], columns=["title", "path"])
    key = "'says:' || replace(CAST({row}.translation_key AS text), '-', '')"
    yield Watched(_PAGE, [key], columns=["translation_key", "locale_id", "live"])
    yield from _restrictions()


def _restrictions() -> Iterator[Watched]:
    """Whatever stands below a page comes and goes with it, from lists too."""
    joined = f"FROM {_PAGE} below JOIN {_PAGE} top"
    joined += " ON substr(below.path, 1, length(top.path)) = top.path"
    where = "WHERE top.id = {row}.page_id"
    below = f"SELECT 'page:' || below.id {joined} {where}"
    yield Watched("wagtailcore_pageviewrestriction", selects=[below], covers=["page"])
    above = f"'under:' || {_ABOVE.format(row='below')}"
    months = ("", " || ':' || COALESCE({utc_month[below.first_published_at]}, '')")
    lists = [f"SELECT DISTINCT {above}{month} {joined} {where}" for month in months]
    lists += [
        f"SELECT DISTINCT '{kind}:' || {column}{month} {joined} "
        f"JOIN {table} ON of_id = below.id {where}"
        for kind, (table, column) in _LISTS.items()
        for month in months
    ]
    yield Watched("wagtailcore_pageviewrestriction", selects=lists, covers=["under", "by", "on"])


def _rows_of_pages() -> Iterator[Watched]:
    for name in _TYPES:
        covers = ["page", "under", "by", "on"] if name == "story" else ["page"]
        yield Watched(f"stories_{name}", ["'page:' || {row}.page_ptr_id"], covers=covers)
    for table, column in _ROWS_OF_PAGES.items():
        yield Watched(table, [f"'page:' || {{row}}.{column}"], covers=["page"])
    year = "'corrections:' || substr(CAST({row}.corrected_on AS text), 1, 4)"
    tokens = ["'page:' || {row}.of_id", "'corrections'", year]
    yield Watched("stories_correction", tokens, covers=["page", "corrections"])
    for kind, (table, column) in _LISTS.items():
        token = f"'{kind}:' || {{row}}.{column}"
        month = "COALESCE({utc_month[story.first_published_at]}, '')"
        within = f"SELECT {token} || ':' || {month} FROM {_PAGE} story WHERE id = {{row}}.of_id"
        yield Watched(table, ["'page:' || {row}.of_id", token], [within], covers=["page", kind])


def _media() -> Iterator[Watched]:
    yield Watched("stories_picture", ["'picture:' || {row}.id"], covers=["picture"])
    yield Watched("wagtaildocs_document", ["'document:' || {row}.id"], covers=["document"])
    inside = "SELECT 'document:' || d.id FROM wagtaildocs_document d"
    below = (
        f"{inside} JOIN wagtailcore_collection c ON c.id = d.collection_id "
        "JOIN wagtailcore_collection top ON substr(c.path, 1, length(top.path)) = top.path "
        "WHERE top.id = {row}.collection_id"
    )
    yield Watched("wagtailcore_collectionviewrestriction", selects=[below], covers=["document"])
    moved = f"{inside} WHERE d.collection_id = {{row}}.id"
    yield Watched("wagtailcore_collection", selects=[moved], columns=["path"], covers=["document"])
