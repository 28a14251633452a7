"""Bringing a small site in, again, and after someone worked on it here."""

import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect
from wagtail.search.backends import get_search_backend
from wagtail.signals import page_published

from tamizdat.stories.importing import labels
from tamizdat.stories.importing.export import ImportRefused
from tamizdat.stories.importing.report import Outcome
from tamizdat.stories.models import Author, Front, PlainPage, Section, Story, Topic
from tamizdat.stories.models.picture import Picture
from tests.stories.importing_inputs import bring_in, category, item, meta, png, wxr_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def old_site(newsroom, tmp_path, settings):
    """Writes an export and a folder of uploads; says how to bring it in."""
    settings.MEDIA_ROOT = tmp_path / "media"
    uploads = tmp_path / "uploads"
    (uploads / "2020/05").mkdir(parents=True)
    (uploads / "2020/05/pier.png").write_bytes(png())

    def bring(*items, **options):
        path = tmp_path / "old.xml"
        path.write_text(wxr_text(*items, **options))
        return bring_in(path, uploads=uploads)

    return bring


def everything():
    """How many rows every table has, and which files there are."""
    rows = {model._meta.label: model.objects.count() for model in apps.get_models()}
    files = sorted(str(path) for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())
    return rows, files


ATTACHMENT = item(
    9,
    "attachment",
    status="inherit",
    extra="<wp:attachment_url>https://old.example/wp-content/uploads/2020/05/pier.png"
    "</wp:attachment_url>" + meta("_wp_attachment_image_alt", "A pier"),
)


def test_a_post_becomes_a_story_with_all_that_belongs_to_it(old_site):
    extra = category("harbour") + category("sea") + category("tides", "post_tag")
    old_site(item(1, slug="high-water", extra=extra + meta("_thumbnail_id", "9")), ATTACHMENT)
    story = Story.objects.get()
    assert story.url == "/harbour/high-water/"
    assert story.first_published_at == datetime(2020, 5, 2, 10, tzinfo=UTC)
    assert [row.author.title for row in story.bylines.all()] == ["Ana"]
    assert [row.topic.title for row in story.story_topics.all()] == ["Sea", "Tides"]
    assert (story.lead_alt, story.lead_picture.width) == ("A pier", 12)


def test_the_primary_category_is_the_section(old_site):
    term = "<wp:category><wp:term_id>5</wp:term_id><wp:category_nicename>sea</wp:category_nicename>"
    head = term + "<wp:cat_name>The Sea</wp:cat_name></wp:category>"
    extra = category("harbour") + category("sea") + meta("_yoast_wpseo_primary_category", "5")
    old_site(item(1, extra=extra), head=head)
    assert [section.title for section in Section.objects.all()] == ["The Sea"]


@pytest.mark.parametrize("status", ["draft", "pending", "private", "future"])
def test_what_was_not_public_comes_as_a_draft(old_site, status):
    report = old_site(item(1, status=status))
    story = Story.objects.get()
    assert not story.live
    assert (story.go_live_at is not None) == (status == "future")
    assert f"it was {status} there" in report.items[-1].why


NO_DATE = "0000-00-00 00:00:00"


def undated(number, extra="", **values):
    extra += f"<wp:post_date>{NO_DATE}</wp:post_date>"
    whole = item(number, extra=extra, **values)
    return re.sub(r"(<wp:post_date_gmt>)[^<]+", rf"\g<1>{NO_DATE}", whole)


def test_a_post_of_no_day_is_not_among_the_news_of_today(old_site):
    report = old_site(undated(1), item(2))
    story = Story.objects.get(title="The post 1")

    assert (story.live, story.first_published_at) == (False, None)
    [said] = [each for each in report.items if each.source == "post 1"]
    assert "it had no date there" in said.why
    assert report.all_notes()["stories that had no date"] == 1
    assert not Redirect.objects.filter(redirect_page=story).exists()


def test_a_post_without_a_date_has_that_of_its_last_change(old_site):
    changed = "<wp:post_modified_gmt>2019-03-04 05:06:07</wp:post_modified_gmt>"
    report = old_site(undated(1, extra=changed))

    assert Story.objects.get().first_published_at == datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert Story.objects.get().revised_at is None
    assert report.all_notes()["stories that had no date"] == 1


def test_what_an_excerpt_hides_is_no_standfirst(old_site):
    words = (
        "<excerpt:encoded>&lt;p&gt;Seen &lt;b hidden&gt;not&lt;/b&gt;&lt;/p&gt;</excerpt:encoded>"
    )
    report = old_site(item(1).replace("<excerpt:encoded></excerpt:encoded>", words))

    assert Story.objects.get().standfirst == "Seen"
    assert report.all_notes()["hidden text left out"] == 1


def test_a_password_never_comes_along_and_its_post_is_a_draft(old_site):
    old_site(item(1, extra="<wp:post_password>opensesame</wp:post_password>"))
    assert not Story.objects.get().live


def test_what_was_thrown_away_stays_away_and_is_listed(old_site):
    report = old_site(item(1, status="trash"))
    assert [item.outcome for item in report.items if item.source == "post 1"] == [Outcome.LEFT_OUT]
    assert not Story.objects.exists()


def test_pages_keep_their_tree(old_site):
    child = item(2, "page", slug="who", extra="<wp:post_parent>1</wp:post_parent>")
    old_site(child, item(1, "page", slug="about"))
    assert PlainPage.objects.get(slug="who").url == "/about/who/"


def test_a_slug_of_ours_is_not_taken_and_a_cyrillic_one_is_kept(old_site):
    cyrillic = "%d0%b2%d0%be%d0%b4%d0%b0"
    old_site(item(1, slug=cyrillic, extra=category("give")), item(2, "page", slug="ru"))
    assert Story.objects.get().slug == "вода"
    assert Section.objects.get().slug == "give-2"
    assert PlainPage.objects.get().slug == "ru-2"


def test_old_addresses_lead_to_the_new_ones_and_none_to_itself(old_site):
    extra = category("sea") + meta("_wp_old_slug", "tide") + meta("old_permalink", "/a/b")
    page = item(2, "page", slug="about").replace("/2020/05/about/", "/about/")
    old_site(item(1, slug="flood", extra=extra + meta("_wp_old_date", "2019-04-30")), page)
    to = {row.old_path: row.redirect_page.url for row in Redirect.objects.all()}
    story, front = "/sea/flood/", "/"
    assert to == {
        "/2020/05/flood": story, "/2020/05/tide": story, "/a/b": story, "/2019/04/flood": story,
        "/?p=1": story, "/?p=2": "/about/", "/?page_id=2": "/about/",
        "/category/sea": "/sea/", "/category/sea/feed": "/sea/",
        "/author/author-7": "/authors/author-7/", "/author/author-7/feed": "/authors/author-7/",
        "/?author=7": "/authors/author-7/", "/feed": front, "/comments/feed": front,
        "/2020": front, "/2020/feed": front, "/2020/05": front, "/2020/05/feed": front,
    }  # fmt: skip


def test_older_pages_of_a_list_lead_to_its_first(old_site):
    tag = category("tides", "post_tag")
    old_site(*(item(number, extra=category("sea") + tag) for number in range(1, 13)))
    to = {row.old_path: row.redirect_page.url for row in Redirect.objects.all()}
    assert to["/tag/tides/page/2"] == "/topics/tides/"
    assert (to["/category/sea/page/2"], to["/page/2"]) == ("/sea/", "/")
    assert "/page/3" not in to
    assert to["/?tag=tides"] == "/topics/tides/"


def test_the_page_of_an_attachment_leads_to_its_story(old_site):
    parent = "<wp:post_parent>1</wp:post_parent>"
    picture = ATTACHMENT.replace("</item>", parent + "</item>")
    old_site(item(1, extra=category("sea")), picture)
    to = {row.old_path: row.redirect_page.url for row in Redirect.objects.all()}
    assert to["/2020/05/attachment-9"] == to["/?attachment_id=9"] == "/sea/post-1/"


def test_no_old_address_takes_one_of_the_software(old_site):
    pages = [item(1, "page", slug="checkout"), item(2, "page", slug="desk")]
    report = old_site(*[page.replace("/2020/05/", "/") for page in pages])
    assert not Redirect.objects.filter(old_path__in=["/checkout", "/desk"]).exists()
    assert report.all_notes()["old addresses that are the software's own here"] == 2


def test_links_between_old_posts_lead_to_the_pages_here(old_site):
    link = '<a href="https://old.example/2020/05/post-2/#end">x</a> <a href="/?p=2">y</a>'
    old_site(item(1, html=link, extra=category("sea")), item(2, extra=category("sea")))
    target = Story.objects.get(slug="post-2")
    html = Story.objects.get(slug="post-1").body.raw_data[0]["value"]
    assert f'<a linktype="page" id="{target.pk}">y</a>' in html
    assert '<a href="/sea/post-2/#end">x</a>' in html


def test_a_picture_is_brought_once_however_often_and_small_it_is_shown(old_site):
    shown = "".join(
        f'<img src="https://old.example/wp-content/uploads/2020/05/pier{size}.png">'
        for size in ("", "-300x200", "-10x10")
    )
    old_site(item(1, html=shown), item(2, html=shown), ATTACHMENT)
    assert Picture.objects.count() == 1
    assert [b["value"]["picture"] for b in Story.objects.first().body.raw_data] == [
        Picture.objects.get().pk
    ] * 3


def test_a_broken_picture_and_one_outside_the_folder_are_missing_but_not_fatal(old_site, tmp_path):
    (tmp_path / "uploads/2020/05/torn.png").write_bytes(png()[:40])
    (tmp_path / "secret.png").write_bytes(png())
    names = ("2020/05/torn.png", "../secret.png", "%2e%2e/secret.png")
    html = "".join(f'<img src="/wp-content/uploads/{name}" alt="Gulls">' for name in names)
    report = old_site(item(1, html=html))
    assert Picture.objects.count() == 0
    assert report.all_notes()["pictures that are missing"] == 3
    assert report.all_notes()["picture files that cannot be read"] >= 1


def test_a_second_run_changes_nothing_at_all(old_site):
    items = [
        item(1, extra=category("sea") + meta("_thumbnail_id", "9")),
        item(2, "page"),
        ATTACHMENT,
    ]
    assert old_site(*items).changed_anything
    before = everything()
    report = old_site(*items)
    assert not report.changed_anything
    assert everything() == before


def test_a_run_after_the_export_changed_changes_only_what_changed(old_site):
    old_site(item(1), item(2))
    untouched = Story.objects.get(slug="post-2").latest_revision_created_at
    report = old_site(item(1, html="<p>Water fell.</p>"), item(2))
    assert report.outcomes("post") == {Outcome.CHANGED: 1, Outcome.SAME: 1}
    assert "Water fell." in str(Story.objects.get(slug="post-1").body.raw_data)
    assert Story.objects.get(slug="post-2").latest_revision_created_at == untouched


def test_the_largest_sections_make_the_menu_until_the_desk_chooses(old_site, monkeypatch):
    monkeypatch.setattr(labels, "MENU", 1)
    posts = [item(1, extra=category("sea")), item(2, extra=category("sea"))]
    old_site(*posts, item(3, extra=category("land")))
    assert [s.slug for s in Section.objects.filter(show_in_menus=True)] == ["sea"]
    Section.objects.update(show_in_menus=False)
    old_site(*posts, item(3, extra=category("land")))
    assert not Section.objects.filter(show_in_menus=True).exists()


def test_a_category_that_was_renamed_there_is_renamed_here(old_site):
    old_site(item(1, extra=category("sea")))
    renamed = category("sea").replace("Sea", "The sea")
    assert old_site(item(1, extra=renamed)).outcomes("section") == {Outcome.CHANGED: 1}
    assert Section.objects.get().title == "The sea"


def test_a_picture_that_came_can_be_found_in_the_desk(old_site):
    old_site(ATTACHMENT)
    found = get_search_backend().search("attachment", Picture)
    assert [picture.title for picture in found] == ["The attachment 9"]


def test_what_the_desk_wrote_since_is_never_overwritten(old_site):
    old_site(item(1), item(2))
    published = Story.objects.get(slug="post-1")
    published.title = "Ours now"
    published.save_revision().publish()
    Story.objects.get(slug="post-2").save_revision()
    report = old_site(*(item(number, html="<p>Water fell.</p>") for number in (1, 2)))
    assert report.outcomes("post") == {Outcome.EDITED: 2}
    assert "Water fell." not in str([story.body.raw_data for story in Story.objects.all()])


def test_what_the_desk_deleted_is_not_brought_back(old_site):
    old_site(item(1), item(2))
    Story.objects.get(slug="post-1").delete()
    report = old_site(item(1), item(2))
    assert report.outcomes("post") == {Outcome.DELETED: 1, Outcome.SAME: 1}
    assert Story.objects.count() == 1


def test_an_import_publishes_nothing_page_by_page(old_site):
    heard = []
    page_published.connect(lambda **_: heard.append("published"), weak=False, dispatch_uid="t1")
    old_site(item(1, extra=category("sea")), item(2, extra=category("sea")))
    page_published.disconnect(dispatch_uid="t1")
    assert heard == []


def test_read_more_is_what_a_reader_of_that_day_could_have_read_next(old_site):
    old_site(*(item(number, extra=category("sea")) for number in (3, 1, 2)))
    follows = {
        s.slug: [row.story.slug for row in s.read_more_kept.order_by("position")]
        for s in Story.objects.all()
    }
    assert follows == {"post-1": [], "post-2": ["post-1"], "post-3": ["post-2", "post-1"]}


def test_no_address_from_the_export_is_kept_or_printed(old_site, tmp_path):
    report = old_site(
        item(1, html="[tide mail='beso@old.example'] [x y='1'] <img src='/a@b.example'>")
    )
    report.write(tmp_path / "report.json")
    assert "@" not in (tmp_path / "report.json").read_text()
    assert Author.objects.get().slug == "author-7"
    assert "@old.example" not in str(Story.objects.get().body.raw_data)


def test_a_language_without_a_front_is_refused(newsroom, tmp_path):
    path = tmp_path / "old.xml"
    path.write_text(wxr_text(item(1)))
    with pytest.raises(ImportRefused, match="no front page in 'de'"):
        bring_in(path, language="de")


def test_the_command_puts_a_site_into_its_language_and_names_its_report(
    newsroom, tmp_path, capsys, settings
):
    settings.HOME = tmp_path
    (tmp_path / "old.xml").write_text(wxr_text(item(1, extra=category("sea"))))
    call_command("import_wordpress", str(tmp_path / "old.xml"), language="ru")
    assert Story.objects.get().url == "/ru/sea/post-1/"
    assert Story.objects.get().is_descendant_of(Front.objects.get(locale__language_code="ru"))
    [report] = (tmp_path / "imports").glob("*.json")
    assert str(report) in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "{}", wxr_text(item(1))[:-20]])
def test_the_command_says_what_is_wrong_and_touches_nothing(newsroom, tmp_path, content):
    (tmp_path / "old.xml").write_text(content)
    before = everything()
    with pytest.raises(CommandError, match="xport it again"):
        call_command("import_wordpress", str(tmp_path / "old.xml"))
    assert everything() == before
    assert not Topic.objects.exists()
