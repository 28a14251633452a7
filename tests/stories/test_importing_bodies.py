"""Each kind of old markup, in our own words, and what it becomes."""

import dataclasses
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamizdat.stories.importing import markup
from tamizdat.stories.importing.bodies import convert
from tamizdat.stories.importing.embeds import page_of
from tamizdat.stories.importing.notes import Notes
from tamizdat.stories.importing.surroundings import FoundPicture, Surroundings
from tamizdat.stories.models import Story

PIXEL = FoundPicture(pk=5, alt="A pier", caption="The pier in May")


def find(address, number):
    return PIXEL if "pier" in address or number in ("7", "8") else None


def lead(href):
    return href.replace("https://old.example/pier/", "/harbour/pier/")


OLD = Surroundings(
    picture=find,
    link=lead,
    page_at={"/harbour/pier/": 42}.get,
    attached=["7", "8"],
    reusable={"9": "<!-- wp:paragraph --><p>Write to us.</p><!-- /wp:paragraph -->"},
)


def blocks(html, notes=None):
    found = convert(html, source="test", old=OLD, notes=notes or Notes())
    return [(block["type"], block["value"]) for block in found]


def notes_of(html):
    notes = Notes()
    blocks(html, notes)
    return notes.as_dict()


def picture(caption="", alt="A pier"):
    return {"picture": 5, "alt": alt, "caption": caption, "credit": ""}


def paragraph(text):
    return ("paragraph", f"<p>{text}</p>")


CASES = {
    "classic paragraphs": ("One\ntwo\n\nthree", [paragraph("One<br/>two"), paragraph("three")]),
    "forms": (
        '<p class="x" style="color:red">A <strong>b</strong> <em>i</em> <code>c</code></p>',
        [paragraph("A <b>b</b> <i>i</i> <code>c</code>")],
    ),
    "a link home": (
        '<p><a href="https://old.example/pier/">pier</a></p>',
        [paragraph('<a linktype="page" id="42">pier</a>')],
    ),
    "a script": ("<p>Calm<script>alert(1)</script></p>", [paragraph("Calm")]),
    "a false link": ('<p><a href="javascript:alert(1)">x</a></p>', [paragraph("x")]),
    "a heading": (
        "<h1>Big</h1><h4>Small</h4>",
        [("heading", {"text": "Big", "level": "2"}), ("heading", {"text": "Small", "level": "3"})],
    ),
    "headings that start too deep": (
        "<h3>Big</h3><h4>Small</h4><h3>Big again</h3>",
        [
            ("heading", {"text": "Big", "level": "2"}),
            ("heading", {"text": "Small", "level": "3"}),
            ("heading", {"text": "Big again", "level": "2"}),
        ],
    ),
    "a heading that is a link": (
        '<h2 id="x"><a href="https://a.example/">Go</a></h2>',
        [("imported", '<h2><a href="https://a.example/">Go</a></h2>')],
    ),
    "a picture block": (
        '<!-- wp:image {"id":7} --><figure class="wp-block-image"><img src="/pier.png" alt="Sea"/>'
        "<figcaption>At <b>dawn</b></figcaption></figure><!-- /wp:image -->",
        [("picture", picture("At dawn", "Sea"))],
    ),
    "a caption": (
        '[caption id="attachment_7" width="9"]<img src="x.png" /> At dawn[/caption]',
        [("picture", picture("At dawn"))],
    ),
    "a picture that is missing": (
        '<p><img src="/gone.png" alt="Gulls"></p>',
        [paragraph("<i>Gulls</i>")],
    ),
    "a picture of a film": (
        '<a href="https://youtu.be/abc"><img src="/pier.png" alt="Film"></a>',
        [("embed", {"address": "https://youtu.be/abc", "title": "Film", "poster": 5})],
    ),
    "a quote": (
        "<blockquote><p>We saw it.</p><cite>Beso</cite></blockquote>",
        [("quote", {"text": "We saw it.", "who": "Beso"})],
    ),
    "a bare film": (
        "Look:\n\nhttps://www.youtube.com/watch?v=abc\n\nThere.",
        [
            paragraph("Look:"),
            (
                "embed",
                {
                    "address": "https://www.youtube.com/watch?v=abc",
                    "title": "youtube.com",
                    "poster": None,
                },
            ),
            paragraph("There."),
        ],
    ),
    "an embed": (
        "[embed width=5]https://vimeo.com/12[/embed]",
        [("embed", {"address": "https://vimeo.com/12", "title": "vimeo.com", "poster": None})],
    ),
    "an iframe": (
        '<iframe src="//www.youtube.com/embed/abc?rel=0" title="Talk"></iframe>',
        [
            (
                "embed",
                {"address": "https://www.youtube.com/watch?v=abc", "title": "Talk", "poster": None},
            )
        ],
    ),
    "a call-out": (
        '<div class="notice"><p>Bring <b>water</b>.</p></div>',
        [("call_out", {"title": "", "text": "<p>Bring <b>water</b>.</p>"})],
    ),
    "a button": (
        '<a class="wp-block-button__link" href="https://a.example/">Go</a>',
        [("link", {"title": "Go", "address": "https://a.example/", "note": ""})],
    ),
    "a reused block": ('<!-- wp:block {"ref":9} /-->', [paragraph("Write to us.")]),
    "more": ("A<!--more-->B<!--nextpage-->C", [paragraph("A"), paragraph("B"), paragraph("C")]),
    "an unknown shortcode": (
        '[tide id="4" key="secret" title="Tides"]',
        [("imported", "<p><code>[tide: Tides]</code></p>")],
    ),
    "words in brackets": (
        "They [sic] left [the city].",
        [paragraph("They [sic] left [the city].")],
    ),
    "a table": (
        '<table onclick="x()"><tbody><tr><td style="x">1</td></tr></tbody></table>',
        [("imported", "<table><tbody><tr><td>1</td></tr></tbody></table>")],
    ),
    "code": (
        "<pre class='x'>if [[ -f a ]]\n\nfi</pre>",
        [("imported", "<pre>if [[ -f a ]]\n\nfi</pre>")],
    ),
}


@pytest.mark.parametrize(("html", "expected"), CASES.values(), ids=CASES)
def test_old_markup_becomes(html, expected):
    assert blocks(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        '[gallery ids="7,8"]',
        "[gallery]",
        '<figure class="wp-block-gallery"><figure><img src="/a.png" class="wp-image-7"/></figure>'
        '<figure><img src="/pier2.png"/></figure></figure>',
        '<ul class="blocks-gallery-grid wp-block-gallery"><li><img src="/pier1.png"></li>'
        '<li><img src="/pier2.png"></li></ul>',
    ],
)
def test_a_gallery_holds_its_pictures(html):
    [(kind, value)] = blocks(html)
    assert kind == "gallery"
    assert [row["value"]["picture"] for row in value["pictures"]] == [5, 5]


def test_a_list_keeps_its_links_and_a_nested_one_stays_html():
    [(kind, value)] = blocks('<ol><li>One <a href="https://a.example/">a</a></li><li>Two</li></ol>')
    assert kind == "list"
    assert value["numbered"]
    assert [row["value"] for row in value["items"]] == [
        'One <a href="https://a.example/">a</a>',
        "Two",
    ]
    nested = "<ul><li>One<ul><li>Two</li></ul></li></ul>"
    assert blocks(nested) == [("imported", nested)]


def test_an_unknown_block_and_its_name_are_kept():
    html = "<!-- wp:acme/tide --><p>High</p><!-- /wp:acme/tide -->"
    assert blocks(html) == [("imported", "<p>High</p>")]
    assert notes_of(html) == {"unknown blocks kept as HTML": {"acme/tide": 1}}


def test_what_is_left_out_is_noted():
    assert notes_of("<p>a<script>b</script></p>") == {"elements left out": {"script": 1}}
    assert notes_of("<!-- wp:calendar /-->") == {"blocks made by WordPress itself": {"calendar": 1}}
    assert notes_of('<img src="/gone.png">') == {"pictures that are missing": {"/gone.png": 1}}


def in_language(language, html, notes=None):
    old = dataclasses.replace(OLD, language=language)
    found = convert(html, source="test", old=old, notes=notes or Notes())
    return "".join(str(block["value"]) for block in found)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "“No, he said ‘<b>never</b>’.”"),
        ("ru", "«No, he said „<b>never</b>“.»"),
        ("de", "„No, he said \u201a<b>never</b>\u2018.“"),
        ("zh-hans", "“No, he said ‘<b>never</b>’.”"),
    ],
)
def test_a_quotation_keeps_marks_of_the_pages_language(language, said):
    notes = Notes()
    html = "<p><q>No, he said <q><b>never</b></q>.</q></p>"

    assert in_language(language, html, notes) == f"<p>{said}</p>"
    assert notes.as_dict() == {"quotations given marks of their own": {"q": 2}}


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none">Hidden <b>words</b></p>',
        '<div style="color:red; DISPLAY : none !important"><p>Hidden words</p></div>',
        '<span style="visibility:hidden">Hidden words</span>',
        "<section hidden>Hidden <i style='display:none'>words</i></section>",
    ],
)
def test_what_was_hidden_does_not_come_to_light(hidden):
    html = f"<p>Seen</p>{hidden}<p>too</p>"

    assert blocks(html) == [paragraph("Seen"), paragraph("too")]
    assert notes_of(html) == {"hidden text left out": {"Hidden words": 1}}
    assert markup.plain(html) == "Seentoo"


LOST = {
    "forms of text left out": (
        "<p><ins>New</ins> <mark>bright</mark> <u>low</u> <u>er</u> <kbd>q</kbd></p>",
        {"ins": 1, "kbd": 1, "mark": 1, "u": 2},
    ),
    "explanations of abbreviations left out": (
        '<p><abbr title="World Health">WHO</abbr></p>',
        {"WHO: World Health": 1},
    ),
    "directions of writing left out": (
        '<p dir="rtl">a</p><p style="direction: rtl">b</p><p dir="ltr">c</p>',
        {"rtl": 2},
    ),
}


@pytest.mark.parametrize(("kind", "html", "found"), [(k, *v) for k, v in LOST.items()], ids=LOST)
def test_what_no_block_holds_is_counted(kind, html, found):
    assert notes_of(html) == {kind: found}


def test_a_form_that_a_kept_table_holds_is_not_lost():
    assert notes_of("<table><tr><td><mark>high</mark></td></tr></table>") == {}


def test_a_link_to_a_place_in_the_text_that_is_gone_goes_too():
    html = '<p><a name="x">Here</a> or <a href="#x">there</a>, <a href="#top">up</a></p>'

    assert blocks(html) == [paragraph('Here or there, <a href="#top">up</a>')]
    assert notes_of(html) == {
        "links inside the text left out": {"#x": 1},
        "places in the text that links led to": {"#x": 1},
    }


NOTE = "2c3d7e1a-0000-4000-8000-00000000abcd"
MARK = f'<sup data-fn="{NOTE}" class="fn"><a href="#{NOTE}" id="{NOTE}-link">1</a></sup>'


@pytest.mark.parametrize("place", ["", "<!-- wp:footnotes /-->"])
def test_a_footnote_is_a_list_that_its_mark_leads_to(place):
    html = f"<!-- wp:paragraph --><p>High{MARK}</p><!-- /wp:paragraph -->{place}"
    texts = json.dumps([{"content": "Or <em>low</em>.<script>x</script>", "id": NOTE}])
    old = dataclasses.replace(OLD, footnotes=texts)
    found = convert(html, source="test", old=old, notes=Notes())
    assert [block["value"] for block in found] == [
        f'<p>High<sup><a href="#{NOTE}">1</a></sup></p>',
        f'<ol><li id="{NOTE}">Or <em>low</em>.</li></ol>',
    ]


@pytest.mark.parametrize("texts", ["", "[", '[{"id": 1}]', '"x"'])
def test_footnotes_that_cannot_be_read_are_noted(texts):
    notes = Notes()
    convert(
        f"<p>High{MARK}</p>", source="x", old=dataclasses.replace(OLD, footnotes=texts), notes=notes
    )
    assert notes.as_dict() == {
        "footnotes that are missing or cannot be read": {"of this text": 1},
        "links inside the text left out": {f"#{NOTE}": 1},
    }


def test_the_same_text_gives_the_same_block_ids():
    html = "<p>a</p><ul><li>b</li></ul>[gallery]"
    first = convert(html, source="post/1", old=OLD, notes=Notes())
    assert convert(html, source="post/1", old=OLD, notes=Notes()) == first
    assert convert(html, source="post/2", old=OLD, notes=Notes())[0]["id"] != first[0]["id"]


_SCRAPS = """<p> | </p> | <div> | <div class='notice'> | </div> | <b> | <a href='javascript:x'>
| </a> | <img src=/pier.png> | <img/src=data:x onerror=x> | <svg/onload=x> | <math> | <script>
| </script> | <style> | <iframe src=x> | </iframe> | <iframe src='javascript:x'></iframe> | <table>
| <td> | <li> | <ul> | <ol start=3> | <blockquote> | <blockquote class=twitter-tweet> | <pre>
| <code> | <cite> | <!-- wp:html --> | <!-- /wp:html --> | <!-- wp:embed {"url":"data:x"} /-->
| <!--more--> | <a href=/x> | [caption] | [/caption] | [gallery] | [x y='<img>'] | [/x] | <hr>
| [embed]javascript:x[/embed] | [embed]https://a.example[/embed] | <![CDATA[ | ]]> | &lt;script>
| <object data=x> | <form action=x> | <input onfocus=x> | <details> | <h2> | <figure> | <dl> | <dd>
| <figure class=wp-block-gallery> | <figcaption> | <div data-tz=embed data-value='data:x'>
| <noscript><p title='</noscript><img src=x onerror=x>'> | <div data-tz=unknown> | \n\n
| <a class=wp-block-button__link href='javascript:x'>"""
SCRAPS = st.sampled_from([scrap.strip(" ") for scrap in re.split(r"\n?\| ", _SCRAPS)])
ALLOWED = {"href", "id", "linktype", "colspan", "rowspan", "scope", "start", "reversed"}
FORBIDDEN = set(
    ["script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "img", "base"]
)


class Reader(HTMLParser):
    """Says what it sees as a browser would: forbidden elements, attributes and addresses."""

    def __init__(self, text):
        super().__init__()
        self.bad = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.bad += [tag] if tag in FORBIDDEN else []
        self.bad += [name for name, _value in attrs if name not in ALLOWED]
        links = [value or "" for name, value in attrs if name == "href"]
        self.bad += [link for link in links if re.match(r"\W*(javascript|data|vbscript)", link)]


def markup_in(blocks):
    """The strings of a body that are shown as HTML; the others are escaped by their templates."""
    for kind, value in blocks:
        if kind in ("paragraph", "imported"):
            yield value
        elif kind == "list":
            yield from (row["value"] for row in value["items"])
        elif kind == "call_out":
            yield value["text"]


@settings(max_examples=400)
@given(st.lists(SCRAPS | st.text(max_size=20), max_size=25).map("".join))
def test_no_input_yields_forbidden_markup(html):
    found = blocks(html)
    assert [Reader(text).bad for text in markup_in(found) if Reader(text).bad] == []
    addresses = [value["address"] for kind, value in found if kind in ("embed", "link")]
    assert all(address.startswith(("http://", "https://")) for address in addresses)
    json.dumps(found)


@settings(max_examples=100)
@given(st.lists(SCRAPS, max_size=12).map("".join))
def test_what_is_stored_is_what_the_desk_would_store(html):
    raw = convert(html, source="x", old=OLD, notes=Notes())
    body = Story._meta.get_field("body").stream_block
    pictureless = [block for block in raw if block["type"] not in ("picture", "gallery", "embed")]
    assert body.get_prep_value(body.to_python(pictureless)) == pictureless


@pytest.mark.parametrize(
    ("href", "page"),
    [
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https:///no-host", ""),
        ("https%3A%2F%2Fwww.facebook.com%2Fposts%2F1", "https://www.facebook.com/posts/1"),
    ],
)
def test_the_page_inside_a_facebook_player_is_an_address_of_the_web(href, page):
    assert page_of(f"https://www.facebook.com/plugins/post.php?href={href}") == page


def test_absurdly_deep_markup_becomes_plain_text():
    assert blocks("<div>" * 5000 + "still here") == [paragraph("still here")]
