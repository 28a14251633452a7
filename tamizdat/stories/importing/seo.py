"""Titles and descriptions for search engines, from the plugins that newsrooms use."""

import re

from tamizdat.stories.importing import markup
from tamizdat.stories.importing.export import Entry
from tamizdat.stories.importing.survey import title_of

TITLES = (
    "_yoast_wpseo_title",
    "rank_math_title",
    "_aioseo_title",
    "_aioseop_title",
    "_seopress_titles_title",
    "_genesis_title",
)
DESCRIPTIONS = (
    "_yoast_wpseo_metadesc",
    "rank_math_description",
    "_aioseo_description",
    "_aioseop_description",
    "_seopress_titles_desc",
    "_genesis_description",
)
# Fields that say something which came over by another way, or nothing.
KNOWN_META = {
    *TITLES,
    *DESCRIPTIONS,
    "_edit_last",
    "_edit_lock",
    "_encloseme",
    "_pingme",
    "_thumbnail_id",
    "_wp_attached_file",
    "_wp_attachment_image_alt",
    "_wp_attachment_metadata",
    "_wp_desired_post_slug",
    "_wp_old_date",
    "_wp_old_slug",
    "_wp_page_template",
    "_yoast_wpseo_primary_category",
    "coauthors",
    "footnotes",
    "old_permalink",
    "rank_math_primary_category",
}
# %%title%% (Yoast, SEOPress), %title% (Rank Math), #post_title (All in One SEO)
_VARIABLE = re.compile(r"%%?([a-z_]+(?:\([^)]*\))?)%%?|#([a-z_]+)")
_TITLE = {"title", "post_title"}
_EXCERPT = {"excerpt", "excerpt_only", "post_excerpt", "post_excerpt_only"}


def title_for_search(entry: Entry) -> str:
    """Empty where it would be the headline anyway, or the old software's pattern for all pages."""
    found = (markup.plain(entry.seo_title) or _written(entry, TITLES))[:255]
    return "" if found == title_of(entry) else found


def description_of(entry: Entry) -> str:
    return markup.plain(entry.search_description) or _written(entry, DESCRIPTIONS)


def _written(entry: Entry, keys: tuple[str, ...]) -> str:
    """The first text that someone wrote; the names of the site and its separators are dropped."""
    raw = next(filter(None, map(entry.first, keys)), "")
    if not raw:
        return ""
    text = _VARIABLE.sub(lambda match: _value(match[1] or match[2], entry), raw)
    return re.sub(r"^[\s|·•–—-]+|[\s|·•–—-]+$", "", markup.plain(text))


def _value(name: str, entry: Entry) -> str:
    if name in _TITLE:
        return title_of(entry)
    return entry.excerpt if name in _EXCERPT else ""
