import re

import pytest

from tamizdat.demo import content
from tamizdat.demo.markup import Desk
from tamizdat.demo.pictures import gallery
from tamizdat.stories.blocks import Body

PAPERS = {code: content.load(code) for code in content.LANGUAGES}
STORIES = [(code, draft) for code, paper in PAPERS.items() for draft in paper.stories]
EACH = pytest.mark.parametrize(
    ("code", "draft"), STORIES, ids=[f"{code}-{draft.key}" for code, draft in STORIES]
)


def blocks_of(text):
    desk = Desk(picture=gallery.NAMES.index, page=len, alt=str)
    return desk.blocks(text)


def words(draft):
    """As a reader counts them: what stands before a bar or a mark is no word."""
    return len(re.findall(r"\w[\w’'\u200c-]*", draft.text))


@EACH
def test_a_story_has_all_that_a_story_has(code, draft):
    outlet = PAPERS[code].outlet
    slugs = {kind: {row["slug"] for row in outlet[kind]} for kind in ("sections", "authors")}
    topics = {row["slug"] for row in outlet["topics"]}

    assert draft.headline.strip()
    assert draft.standfirst.strip()
    assert draft.section in slugs["sections"]
    assert draft.authors
    assert set(draft.authors) <= slugs["authors"]
    assert draft.topics
    assert set(draft.topics) <= topics


@EACH
def test_what_a_story_points_at_is_there(code, draft):
    paper = PAPERS[code]
    keys = {other.key for other in paper.stories} | paper.pages.keys()
    pictures = set(re.findall(r"^(?::: picture )?([a-z-]+) \|", draft.text, re.MULTILINE))
    linked = re.findall(r"\]\((?:story|page):([a-z0-9-]+)\)", draft.text)

    assert {*draft.read_more, *linked} <= keys - {draft.key}
    assert pictures | {draft.picture or "ferry-dusk"} <= paper.alts.keys()
    assert not draft.picture or draft.caption


@EACH
def test_a_story_is_as_long_as_its_kind(code, draft):
    assert 220 <= words(draft) <= 1150


def test_each_language_is_a_whole_paper():
    count = {code: len(paper.stories) for code, paper in PAPERS.items()}
    long = {code: sum(words(d) >= 850 for d in p.stories) for code, p in PAPERS.items()}

    assert count["en"] >= 24
    assert count["ru"] >= 14
    assert count["fa"] >= 10
    assert long["en"] >= 3
    assert long["ru"] >= 2
    assert long["fa"] >= 1


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_a_paper_is_varied(paper):
    outlet = paper.outlet
    illustrated = sum(bool(draft.picture) for draft in paper.stories)

    assert {draft.section for draft in paper.stories} == {s["slug"] for s in outlet["sections"]}
    assert len(outlet["sections"]) == 5
    assert 6 <= len(outlet["authors"]) <= 8
    assert 8 <= len(outlet["topics"]) <= 10
    assert illustrated >= 0.6 * len(paper.stories)
    assert sum(draft.sensitive for draft in paper.stories) == 1


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_the_front_leads_with_stories_there_are(paper):
    keys = {draft.key for draft in paper.stories}
    front = paper.outlet["front"]

    assert {front["lead"], *front["second"]} <= keys
    assert len(set(front["second"])) == 3


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_every_drawing_a_paper_describes_exists(paper):
    assert paper.alts.keys() <= gallery.DRAWINGS.keys()
    assert all(f"portrait-{row['slug']}" in gallery.NAMES for row in paper.outlet["authors"])


def test_the_english_paper_uses_every_block_an_editor_has():
    used = {block["type"] for draft in PAPERS["en"].stories for block in blocks_of(draft.text)}

    assert used == Body().child_blocks.keys() - {"imported"}


def test_languages_share_stories_and_have_their_own():
    keys = {code: {draft.key for draft in paper.stories} for code, paper in PAPERS.items()}

    assert len(keys["en"] & keys["ru"]) >= 5
    assert len(keys["en"] & keys["fa"]) >= 5
    assert keys["ru"] - keys["en"]
    assert keys["fa"] - keys["en"]


@pytest.mark.parametrize("code", content.LANGUAGES)
def test_no_mark_of_a_draft_reaches_the_reader(code):
    for draft in PAPERS[code].stories:
        for block in blocks_of(draft.text):
            assert not re.search(r"\*\*|::|\]\(", str(block["value"])), draft.key
