"""What Ghost's editors kept, as the blocks that our stories are written in."""

import json
import re

import pytest

from tamizdat.stories.importing import markup
from tamizdat.stories.importing.bodies import blocks_of
from tamizdat.stories.importing.ghost import lexical, mobiledoc, posts, reading, tables
from tamizdat.stories.importing.notes import Notes
from tamizdat.stories.importing.surroundings import FoundPicture, Surroundings
from tests.stories.ghost_inputs import GENUINE_GHOST
from tests.stories.importing_inputs import needs_inputs


def blocks(html, notes):
    old = Surroundings(
        picture=lambda address, _number: FoundPicture(7, "", "") if address else None,
        link=lambda href: href,
        page_at=lambda _address: None,
    )
    found = blocks_of(html, source="x", old=old, notes=notes)
    return [(block["type"], without_ids(block["value"])) for block in found]


def without_ids(value):
    if not isinstance(value, dict):
        return value
    rows = {key: [row["value"] for row in v] for key, v in value.items() if isinstance(v, list)}
    return value | rows


def lexical_blocks(*nodes, notes=None):
    notes = Notes() if notes is None else notes
    return blocks(lexical.html_of(lexical_text(*nodes), notes=notes), notes)


def lexical_text(*nodes):
    return json.dumps({"root": {"type": "root", "children": nodes}})


def words(text, bits=0):
    return {"type": "extended-text", "text": text, "format": bits}


def paragraph(*children):
    return {"type": "paragraph", "children": children}


def card_blocks(name, payload, notes=None):
    """The same card in both notations; they must agree."""
    notes = Notes() if notes is None else notes
    document = {"cards": [[name, payload]], "sections": [[10, 0]], "markups": [], "atoms": []}
    old = blocks(mobiledoc.html_of(json.dumps(document), notes=Notes()), Notes())
    new = lexical_blocks({"type": name} | payload, notes=notes)
    assert old == new
    return new


def test_text_keeps_its_formats_links_and_line_breaks():
    link = {"type": "link", "url": "https://a.example/?x=1&y=2", "children": [words("here")]}
    text = paragraph(words("Salt & "), words("mud", 3), {"type": "linebreak"}, words("x", 16), link)
    [(kind, html)] = lexical_blocks(text)
    assert kind == "paragraph"
    assert html == (
        "<p>Salt &amp; <b><i>mud</i></b><br/><code>x</code>"
        '<a href="https://a.example/?x=1&amp;y=2">here</a></p>'
    )


def test_a_bracket_in_a_text_of_ghost_is_no_shortcode():
    [(_kind, html)] = lexical_blocks(paragraph(words('[gallery ids="1"] and [sic]')))
    assert "[gallery ids=" in html


def test_headings_quotes_and_rules_are_what_they_were():
    found = lexical_blocks(
        {"type": "extended-heading", "tag": "h3", "children": [words("Tide")]},
        {"type": "extended-quote", "children": [words("It rose.")]},
        {"type": "horizontalrule"},
    )
    assert found == [
        ("heading", {"text": "Tide", "level": "2"}),
        ("quote", {"text": "It rose.", "who": ""}),
        ("imported", "<hr>"),
    ]


def item(*children):
    return {"type": "listitem", "children": children}


def test_a_list_in_a_list_stands_in_the_item_before_it():
    inner = {"type": "list", "listType": "bullet", "children": [item(words("b"))]}
    outer = {"type": "list", "listType": "number", "children": [item(words("a")), item(inner)]}
    assert lexical_blocks(outer) == [
        ("imported", "<ol><li>a<ul><li>b</li></ul></li></ol>"),
    ]


def test_markers_of_mobiledoc_open_and_close_across_texts():
    document = {
        "markups": [["strong"], ["a", ["href", "https://a.example/"]]],
        "atoms": [["soft-return", "", {}]],
        "cards": [],
        "sections": [
            [1, "p", [[0, [0], 0, "a"], [0, [1], 2, "b"], [1, [], 0, 0], [0, [], 0, "<c>"]]],
            [3, "ul", [[[0, [], 0, "one"]], [[0, [], 0, "two"]]]],
        ],
    }
    notes = Notes()
    assert blocks(mobiledoc.html_of(json.dumps(document), notes=notes), notes) == [
        ("paragraph", '<p><b>a<a href="https://a.example/">b</a></b><br/>&lt;c&gt;</p>'),
        ("list", {"items": ["one", "two"], "numbered": False}),
    ]


PICTURE = {"picture": 7, "alt": "Gulls", "caption": "At the pier", "credit": ""}
CARDS = {
    "image": (
        {"src": "/content/images/a.png", "alt": "Gulls", "caption": "At <b>the</b> pier"},
        [("picture", PICTURE)],
    ),
    "gallery": (
        {"images": [{"src": "/content/images/a.png", "alt": "Gulls", "caption": "At the pier"}]},
        [("gallery", {"pictures": [PICTURE]})],
    ),
    "bookmark": (
        {
            "url": "https://a.example/x",
            "metadata": {"title": "Tides & us", "description": "A table"},
        },
        [("link", {"title": "Tides & us", "address": "https://a.example/x", "note": "A table"})],
    ),
    "embed": (
        {"url": "https://youtu.be/abc", "html": "<iframe>", "metadata": {"title": "The flood"}},
        [("embed", {"address": "https://youtu.be/abc", "title": "The flood", "poster": None})],
    ),
    "callout": (
        {"calloutText": "Mind the <b>step</b>", "calloutEmoji": "💡"},
        [("call_out", {"title": "", "text": "<p>💡 Mind the <b>step</b></p>"})],
    ),
    "toggle": (
        {"heading": "How?", "content": "<p>So.</p>"},
        [("imported", "<details><summary>How?</summary><p>So.</p></details>")],
    ),
    "code": (
        {"code": "if a < b:\n\n  c", "caption": "Code"},
        [("imported", "<pre><code>if a &lt; b:\n\n  c</code></pre><p>Code</p>")],
    ),
    "html": (
        {"html": "<table><tr><td>1</td></tr></table><script>x()</script>"},
        [("imported", "<table><tbody><tr><td>1</td></tr></tbody></table>")],
    ),
    "markdown": (
        {"markdown": "## Tide\n\nIt *rose*.\n\n- one\n- two"},
        [
            ("heading", {"text": "Tide", "level": "2"}),
            ("paragraph", "<p>It <i>rose</i>.</p>"),
            ("list", {"items": ["one", "two"], "numbered": False}),
        ],
    ),
    "button": (
        {"buttonText": "Write to us", "buttonUrl": "https://a.example/write"},
        [("link", {"title": "Write to us", "address": "https://a.example/write", "note": ""})],
    ),
    "file": (
        {"src": "/content/files/a.pdf", "fileTitle": "The tables", "fileCaption": "As a PDF"},
        [
            ("imported", '<p><a href="/content/files/a.pdf">The tables</a></p>'),
            ("paragraph", "<p>As a PDF</p>"),
        ],
    ),
    "audio": (
        {"src": "/content/media/a.mp3", "title": "The bell"},
        [("imported", '<p><a href="/content/media/a.mp3">The bell</a></p>')],
    ),
    "video": (
        {"src": "/content/media/a.mp4", "fileName": "a.mp4", "caption": "The flood"},
        [
            ("imported", '<p><a href="/content/media/a.mp4">a.mp4</a></p>'),
            ("paragraph", "<p><i>The flood</i></p>"),
        ],
    ),
    "header": (
        {
            "header": "Tide",
            "subheader": "It rose",
            "buttonEnabled": True,
            "buttonText": "More",
            "buttonUrl": "https://a.example/",
        },
        [
            ("heading", {"text": "Tide", "level": "2"}),
            ("paragraph", "<p>It rose</p>"),
            ("link", {"title": "More", "address": "https://a.example/", "note": ""}),
        ],
    ),
    "product": (
        {
            "productTitle": "A lamp",
            "productDescription": "<p>Red.</p>",
            "productRatingEnabled": True,
            "productStarRating": 3,
            "productButtonEnabled": True,
            "productButton": "Look",
            "productUrl": "https://a.example/lamp",
        },
        [
            ("heading", {"text": "A lamp", "level": "2"}),
            ("paragraph", "<p>★★★</p>"),
            ("paragraph", "<p>Red.</p>"),
            ("link", {"title": "Look", "address": "https://a.example/lamp", "note": ""}),
        ],
    ),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_becomes_a_block(name):
    payload, wanted = CARDS[name]
    assert card_blocks(name, payload) == wanted


@pytest.mark.parametrize("name", ["email", "email-cta", "paywall", "signup"])
def test_what_was_for_mails_or_members_is_left_out_and_noted(name):
    notes = Notes()
    assert card_blocks(name, {"html": "<p>Dear {first_name}</p>"}, notes) == []
    assert notes.found["cards left out"].total() == 1


@pytest.mark.parametrize(
    "visibility", [{"web": {"nonMember": False}}, {"showOnWeb": False, "showOnEmail": True}]
)
def test_a_card_that_only_members_saw_is_left_out_and_noted(visibility):
    notes = Notes()
    card = {"html": "<p>For friends</p>", "visibility": visibility}
    assert card_blocks("html", card, notes) == []
    assert notes.found["cards left out"] == {"html that only members saw": 1}


def test_an_unknown_card_is_noted_and_its_html_is_kept():
    notes = Notes()
    assert card_blocks("hologram", {"html": "<p>Look</p>"}, notes) == [("paragraph", "<p>Look</p>")]
    assert notes.found["cards that are not understood"] == {"hologram": 1}


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"root": 3}', "null", "[" * 90_000])
def test_a_text_that_cannot_be_read_gives_way_to_the_html_that_ghost_made(text):
    for column in ("lexical", "mobiledoc"):
        notes = Notes()
        row = {column: text, "html": "<p>Water rose.</p>"}
        assert posts.body_of(row, home="", notes=notes) == "<p>Water rose.</p>"
        assert notes.found["texts that only came as HTML"] == {column: 1}


def test_links_to_the_sign_up_lose_their_link_and_keep_their_words():
    notes = Notes()
    html = '<p><a href="#/portal/signup">Join <b>us</b></a> <a href="__GHOST_URL__/x/">x</a></p>'
    found = posts.body_of({"html": html}, home="https://old.example", notes=notes)
    assert found == '<p>Join <b>us</b> <a href="https://old.example/x/">x</a></p>'
    assert notes.found["links left out"].total() == 1


@needs_inputs
@pytest.mark.django_db
def test_a_whole_real_site_reads_as_ghost_itself_shows_it():
    """Our HTML against the HTML that Ghost made of the same lexical, word for word."""
    export = reading.read(GENUINE_GHOST)
    by_ghost = {row["id"]: row["html"] for row in tables.read(GENUINE_GHOST).posts()}
    others = [e.slug for e in export.entries if letters(e.html) != letters(by_ghost[e.source_id])]
    # Ten posts of one making have a bookmark and a button, whose words we keep in attributes.
    assert len(export.entries) == 562
    assert len(others) == 10


def letters(html):
    return re.sub(r"\W+", "", markup.plain(html or ""))
