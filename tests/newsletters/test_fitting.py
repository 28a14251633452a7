"""Of a story's HTML what a mail may hold, and the same as plain text."""

import pytest
from django.utils import translation

from tamizdat.newsletters.fitting import as_text, for_mail

SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "source",
    [
        '<p>a</p><img src="https://lantern.example/p.jpg" alt="A lamp">',
        '<figure><picture><source srcset="/a.avif"><img src="/a.jpg"></picture></figure>',
        '<iframe src="https://player.example/1"></iframe>',
        f"<div>{SCRIPT}<style>p{{background:url(/x)}}</style></div>",
        '<p style="background:url(https://t.example/x.gif)">a</p>',
        '<video src="/v.mp4" poster="/p.jpg"></video><audio src="/a.mp3"></audio>',
        '<object data="/o.swf"></object><embed src="/e.swf">',
        '<table background="/b.gif"><tr><td background="/b.gif">a</td></tr></table>',
        '<a href="javascript:alert(1)" ping="https://t.example/">a</a>',
        '<svg><image href="https://t.example/x.svg"/></svg>',
    ],
)
def test_nothing_is_left_that_a_mail_program_would_load(source):
    fitted = for_mail(source)

    for word in (
        "src",
        "url(",
        "poster",
        "background",
        "javascript",
        "ping",
        "<script",
        "t.example",
    ):
        assert word not in fitted


def test_a_picture_is_said_with_its_caption_and_credit():
    source = (
        '<figure><picture><source srcset="/a.avif"><img src="/a.jpg" alt="A <lamp>"></picture>'
        "<figcaption>The pier <cite>Ana</cite></figcaption></figure>"
    )

    assert "[Picture: A &lt;lamp&gt;]" in for_mail(source)
    assert as_text(for_mail(source)) == "[Picture: A <lamp>]\nThe pier Ana"
    with translation.override("ru"):
        assert "[Фотография: A &lt;lamp&gt;]" in for_mail(source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            '<figure class="embed"><a href="https://v.example/1"><span class="frame">'
            '<img src="/p.jpg" alt=""><span class="play"></span></span>'
            "<strong>The boat</strong><span>v.example</span></a></figure>",
            "The boat · v.example [1]\n\n[1] https://v.example/1",
        ),
        (
            '<p class="onward"><a href="https://r.example/">The ruling</a><span>in full</span></p>',
            "The ruling [1] · in full\n\n[1] https://r.example/",
        ),
    ],
)
def test_a_film_and_a_link_are_said_with_where_they_lead(source, text):
    assert as_text(for_mail(source)) == text


def test_links_stay_as_the_story_has_them():
    source = '<p><a href="https://port.example/list?id=1&amp;p=2">the list</a></p>'

    assert for_mail(source) == source


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One\n  <b>two</b> three.</p><p>Four<br>five.</p>", "One two three.\n\nFour\nfive."),
        ("<h2>Night</h2><p>Lamps.</p>", "Night\n\nLamps."),
        (
            "<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>",
            "- a\n- b\n\n1. c\n2. d",
        ),
        ("<blockquote><p>No.</p><cite>Ana</cite></blockquote>", "> No.\n>\n> Ana"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a  b\nc"),
        ("<p>a &amp; b &lt;c&gt;</p><!-- d --><hr>", "a & b <c>\n\n* * *"),
        ("", ""),
    ],
)
def test_what_the_words_look_like_without_html(source, text):
    assert as_text(source) == text


def test_addresses_stand_below_numbered_and_each_once():
    source = (
        '<p><a href="https://a.example/">a</a>, <a href="https://b.example/">b</a>, '
        '<a href="https://a.example/">again</a>, '
        '<a href="https://c.example/">https://c.example/</a></p>'
    )

    assert as_text(source) == (
        "a [1], b [2], again [1], https://c.example/\n\n[1] https://a.example/\n[2] https://b.example/"
    )
