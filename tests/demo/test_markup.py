import pytest

from tamizdat.demo.markup import Desk

DESK = Desk(picture={"boat": 7}.__getitem__, page={"about": 3}.__getitem__, alt=str.upper)


def test_a_paragraph_keeps_its_emphasis_and_its_links():
    (block,) = DESK.blocks("A **bold** & *leaning* [word](page:about), [out](https://example.org)")

    assert block["value"] == (
        '<p>A <b>bold</b> &amp; <i>leaning</i> <a linktype="page" id="3">word</a>, '
        '<a href="https://example.org">out</a></p>'
    )


def test_a_quote_names_who_said_it():
    (block,) = DESK.blocks("> It rains.\n> — A dog")

    assert block["value"] == {"text": "It rains.", "who": "A dog"}


def test_a_list_knows_whether_it_is_numbered():
    bulleted, numbered = DESK.blocks("- one\n- two\n\n1. one\n2. two")

    assert bulleted["value"] == {"items": ["one", "two"], "numbered": False}
    assert numbered["value"] == {"items": ["one", "two"], "numbered": True}


def test_a_picture_is_found_and_described():
    (block,) = DESK.blocks(":: picture boat | At sea")

    assert block["value"] == {"picture": 7, "alt": "BOAT", "caption": "At sea"}


@pytest.mark.parametrize("text", [":: picture ship", "[gone](story:gone)", ":: nothing"])
def test_what_is_not_there_stops_the_press(text):
    with pytest.raises(KeyError):
        DESK.blocks(text)
