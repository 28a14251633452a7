"""What the report says, in both its forms, and the command that writes it."""

import json
from html.parser import HTMLParser

import pytest
from django.core.management import CommandError, call_command

from tamizdat.stories.importing import archive, report_page
from tamizdat.stories.importing.report import Outcome
from tamizdat.stories.models import Author, Story
from tests.stories.importing_inputs import bring_in, category, item, meta, wxr_text

pytestmark = pytest.mark.django_db
NASTY = (
    "<title>Gulls</title><script>alert(1)</script> [tide mail='beso@old.example' x='203.0.113.9']"
)


@pytest.fixture
def old(newsroom, tmp_path, settings):
    settings.HOME = tmp_path

    def write(*items, head=""):
        (tmp_path / "old.xml").write_text(wxr_text(*items, head=head))
        return tmp_path / "old.xml"

    return write


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.rows, self.addresses = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.tags.append(tag)
        self.rows += [named["class"]] if tag == "tr" and "class" in named else []
        self.addresses += [v for k, v in attrs if k in ("src", "href")]


def page_of(report, tmp_path):
    report_page.write(report, tmp_path / "report.html")
    return (tmp_path / "report.html").read_text()


def test_the_page_shows_each_item_by_its_outcome_and_loads_nothing(old, tmp_path):
    trashed = item(2, status="trash")
    text = page_of(bring_in(old(item(1, extra=category("sea")), trashed)), tmp_path)
    page = Page(text)
    assert sorted(page.rows) == ["o0", "o0", "o0", "o5"]  # a story, its section and author; the bin
    assert page.tags.count("input") == len(Outcome)
    assert page.addresses == []
    assert "in the bin of the old site" in text


def test_nothing_from_the_export_is_markup_in_the_page_and_no_address_is_in_it(old, tmp_path):
    extra = category("sea").replace("Sea", "<b>Sea</b> &amp; <img src=x>") + meta("<i>k</i>", "v")
    text = page_of(bring_in(old(item(1, html=NASTY, extra=extra))), tmp_path)
    assert not {"script", "img", "i", "b"} & set(Page(text).tags)
    assert "@" not in text
    assert "203.0.113.9" not in text


def test_both_reports_lie_beside_each_other_and_the_json_is_whole(old, tmp_path, capsys):
    call_command("import_wordpress", str(old(item(1), item(2))))
    [page] = (tmp_path / "imports").glob("*.html")
    found = json.loads(page.with_suffix(".json").read_text())
    assert str(page) in capsys.readouterr().out
    assert [each["outcome"] for each in found["items"]] == ["brought in"] * 4
    assert not found["rehearsal"]


def test_a_dry_run_says_what_it_would_do_and_does_nothing(old, tmp_path, capsys):
    call_command("import_wordpress", str(old(item(1))), dry_run=True)
    assert "Nothing was changed." in capsys.readouterr().out
    assert not Story.objects.exists()
    [page] = (tmp_path / "imports").glob("*.html")
    assert "What an import would do" in page.read_text()


def test_whoever_stops_an_import_is_told_how_to_go_on(old, monkeypatch):
    def stopped(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "bring_in", stopped)
    with pytest.raises(CommandError, match="run the same command again"):
        call_command("import_wordpress", str(old(item(1))))


GUEST = item(80, "guest-author", slug="cap-cyr", extra=meta("cap-display_name", "Cyr the Elder"))


def test_co_authors_sign_instead_of_whoever_pressed_the_button(old):
    extra = category("cap-cyr", "author") + category("beso-k", "author")
    head = "<wp:author><wp:author_login>Beso K</wp:author_login></wp:author>"
    bring_in(old(item(1, extra=extra), GUEST.replace("ana@old.example", "x@y.example"), head=head))
    names = [row.author.title for row in Story.objects.get().bylines.all()]
    assert names == ["Cyr the Elder", "Beso K"]
    assert not Author.objects.get(title="Ana").live


@pytest.mark.parametrize(
    ("key", "written", "title"),
    [
        ("_yoast_wpseo_title", "%%title%% %%page%% %%sep%% %%sitename%%", ""),
        (
            "_yoast_wpseo_title",
            "High water, explained %%sep%% %%sitename%%",
            "High water, explained",
        ),
        ("rank_math_title", "%title% in numbers", "The post 1 in numbers"),
        ("_seopress_titles_title", "Plain &amp; simple", "Plain & simple"),
    ],
)
def test_a_title_for_search_engines_is_kept_where_somebody_wrote_one(old, key, written, title):
    bring_in(old(item(1, extra=meta(key, written) + meta("_yoast_wpseo_metadesc", "Wet."))))
    story = Story.objects.get()
    assert (story.seo_title, story.search_description) == (title, "Wet.")
