"""Reading exports: whole, torn, poisoned, or no exports at all."""

import codecs

import pytest

from tamizdat.stories.importing import wxr
from tamizdat.stories.importing.export import ImportRefused
from tests.stories.importing_inputs import (
    FIXTURES,
    GENUINE,
    INPUTS,
    category,
    item,
    meta,
    needs_inputs,
    wxr_text,
)

WHOLE = wxr_text(item(1), item(2))
BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def export_of(tmp_path, content):
    path = tmp_path / "old.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


REFUSED = {
    "nothing": (b"", "is empty"),
    "a zip": (b"PK\x03\x04....", "zip archive"),
    "gzip": (b"\x1f\x8b\x08....", "gzip"),
    "json": ('{"db": []}', "is JSON"),
    "a web page": ("<!DOCTYPE html><html><body>Log in</body></html>", "is a web page"),
    "another feed": ("<feed/>", "is not a WordPress export"),
    "plain words": ("Dear editors,", "is not a WordPress export"),
    "plain RSS": ("<rss version='2.0'><channel><title>x</title></channel></rss>", "its version"),
    "another version": (wxr_text(item(1), version="9.9"), "its version is '9.9'"),
    "an entity bomb": (WHOLE.replace("<rss", BOMB + "<rss", 1), "document type"),
    "an outside entity": (WHOLE.replace("<rss", OUTSIDE + "<rss", 1), "document type"),
    "a bomb after a comment": (WHOLE.replace("<rss", "<!-- x -->" + BOMB + "<rss", 1), "DTD"),
    "a wrong encoding": (WHOLE.replace("Water", "Вода").encode("cp1251"), "says it is utf-8"),
    "no such encoding": (WHOLE.replace("UTF-8", "latin-99"), "does not exist"),
    "a missing end tag": (WHOLE.replace("</wp:status>", "", 1), "is damaged at line"),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_whole_export_is_refused_in_one_sentence(tmp_path, content, why):
    with pytest.raises(ImportRefused, match=why):
        wxr.read(export_of(tmp_path, content))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_refused_wherever_it_ends(tmp_path, share):
    text = wxr_text(*(item(number) for number in range(1, 400)))
    with pytest.raises(ImportRefused, match="cut off"):
        wxr.read(export_of(tmp_path, text[: int(len(text) * share)]))


def test_characters_that_xml_forbids_are_dropped_and_counted(tmp_path):
    text = wxr_text(item(1, html="One\x0c two\x13 &#19;three"), item(2, html="x" * 70_000 + "\x01"))
    export = wxr.read(export_of(tmp_path, text))
    assert export.entries[0].html == "One two three"
    assert export.controls_dropped == 4


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
def test_the_encoding_that_the_file_names_is_believed(tmp_path, encoding):
    text = wxr_text(item(1, html="Вода поднялась"))
    declared = text.replace("UTF-8", encoding.removesuffix("-sig"))
    content = declared.encode(encoding)
    assert content.startswith(codecs.BOM_UTF8) == (encoding == "utf-8-sig")
    assert wxr.read(export_of(tmp_path, content)).entries[0].html == "Вода поднялась"


def test_everything_about_an_item_is_read_but_no_address(tmp_path):
    comment = "<wp:comment><wp:comment_author_email>cyr@x.example</wp:comment_author_email>"
    extra = category("news") + category("sea", "post_tag") + meta("coauthors", "beso") + comment
    extra += "<wp:comment_author_IP>203.0.113.9</wp:comment_author_IP></wp:comment>"
    export = wxr.read(export_of(tmp_path, wxr_text(item(1, extra=extra))))
    [entry] = export.entries
    assert [(t.taxonomy, t.slug) for t in entry.terms] == [
        ("category", "news"),
        ("post_tag", "sea"),
    ]
    assert entry.co_writers == ["beso"]
    assert export.unread == {"comments": 1}
    assert "@" not in str([(w.source_id, w.name) for w in export.writers])
    assert "cyr@" not in str(export)
    assert "203.0" not in str(export)


def test_a_name_of_another_namespace_is_not_taken_for_wordpress_own(tmp_path):
    foreign = '<wp:status xmlns:wp="http://evil.example/">publish</wp:status>'
    text = wxr_text(item(1, status="draft").replace("<wp:status>", foreign + "<wp:status>"))
    assert wxr.read(export_of(tmp_path, text)).entries[0].status == "draft"


@needs_inputs
def test_the_genuine_site_is_read_whole_although_it_is_not_well_formed():
    export = wxr.read(GENUINE)
    kinds = {kind: len(export.of_kind(kind)) for kind in wxr.READ_KINDS}
    assert kinds == {"post": 551, "page": 18, "attachment": 124, "wp_block": 1}
    assert (len(export.writers), export.unread["comments"], export.controls_dropped) == (63, 156, 2)
    assert len([t for t in export.terms if t.taxonomy == "category"]) == 75
    assert len([t for t in export.terms if t.taxonomy == "post_tag"]) == 1274


@needs_inputs
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: str(path.relative_to(INPUTS)))
def test_a_fixture_is_read_or_refused_in_plain_words(path):
    broken = {"malformed", "malformed-simple", "invalid-version-tag", "missing-version-tag", "test"}
    if path.stem in broken:
        with pytest.raises(ImportRefused, match=r"\.$"):
            wxr.read(path)
    else:
        export = wxr.read(path)
        assert export.entries or export.writers or export.terms
