"""Bringing a small Ghost site in, and refusing what is none."""

import json
import shutil

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect

from tamizdat.stories.importing.export import ImportRefused
from tamizdat.stories.importing.report import Outcome
from tamizdat.stories.models import Author, Imported, Picture, PlainPage, Section, Story, Topic
from tests.stories.ghost_inputs import GHOST_FIXTURES, bring_in
from tests.stories.importing_inputs import INPUTS, needs_inputs, png

pytestmark = pytest.mark.django_db
SECRETS = ("$2a$10$hashhashhash", "sk_live_secret", "ana@old.example", "whsec_secret")


def number(n):
    return f"{n:024x}"


def post(n, **columns):
    return {
        "id": number(n),
        "title": f"The post {n}",
        "slug": f"post-{n}",
        "html": "<p>Water rose.</p>",
        "type": "post",
        "status": "published",
        "visibility": "public",
        "published_at": f"2020-05-0{n} 10:00:00",
        "updated_at": f"2020-05-0{n} 10:00:00",
    } | columns


def tables(*posts, **more):
    names = ["Harbour", "Sea", "Tides", "#internal"]
    tags = [{"id": f"t{i}", "name": n, "slug": n.lower()} for i, n in enumerate(names)]
    hash_, key, mail, hook = SECRETS
    users = [
        {"id": "u1", "name": "Ana", "slug": "ana", "password": hash_, "email": mail, "bio": "Here"},
        {"id": "u2", "name": "Beso", "slug": "beso", "password": hash_, "email": mail},
        {"id": "u3", "name": "Only an operator", "slug": "operator", "password": hash_},
    ]
    return {
        "posts": list(posts),
        "users": users,
        "tags": tags,
        "posts_authors": [
            {"post_id": number(1), "author_id": "u2", "sort_order": 1},
            {"post_id": number(1), "author_id": "u1", "sort_order": 0},
        ],
        "posts_tags": [
            {"post_id": number(1), "tag_id": f"t{tag}", "sort_order": place}
            for place, tag in enumerate((3, 1, 2))
        ],
        "settings": [
            {"key": "title", "value": "The Old Paper"},
            {"key": "stripe_secret_key", "value": key},
        ],
        "api_keys": [{"id": "k", "secret": key}],
        "webhooks": [{"id": "w", "secret": hook}],
        "members": [{"id": "m", "email": mail}, {"id": "n", "email": mail}],
    } | more


@pytest.fixture
def old_site(newsroom, tmp_path, settings):
    """Writes an export; says how to bring it in."""
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = tmp_path / "content/images/2020/05"
    folder.mkdir(parents=True)
    (folder / "pier.png").write_bytes(png())

    def bring(*posts, version="6.65.0", content=tmp_path / "content", address="", **more):
        path = tmp_path / "old.json"
        data = {"meta": {"version": version}, "data": tables(*posts, **more)}
        path.write_text(json.dumps({"db": [data]}))
        return bring_in(path, content=content, address=address)

    return bring


def everything():
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_a_post_becomes_a_story_with_all_that_belongs_to_it(old_site):
    meta = {"post_id": number(1), "meta_title": "Tide & mud", "feature_image_alt": "A <pier>"}
    meta |= {"feature_image_caption": "By <b>Ana</b>"}
    picture = "__GHOST_URL__/content/images/size/w600/2020/05/pier.png"
    old_site(post(1, custom_excerpt="It & rose", feature_image=picture), posts_meta=[meta])
    story = Story.objects.get()
    assert story.url == "/sea/post-1/"
    assert (story.standfirst, story.seo_title) == ("It & rose", "Tide & mud")
    assert [row.author.title for row in story.bylines.all()] == ["Ana", "Beso"]
    assert [row.topic.title for row in story.story_topics.all()] == ["Tides"]
    assert (story.lead_alt, story.lead_caption) == ("A <pier>", "By Ana")
    assert story.lead_picture.width == 12
    assert Author.objects.get(slug="ana").introduction == "Here"


def test_the_first_tag_that_readers_saw_is_the_section_and_no_internal_one_is_a_topic(old_site):
    report = old_site(post(1))
    assert [section.title for section in Section.objects.all()] == ["Sea"]
    assert set(Topic.objects.values_list("title", flat=True)) == {"Harbour", "Tides"}
    assert report.all_notes()["internal tags left out"] == 1


def test_whoever_wrote_nothing_has_no_page(old_site):
    old_site(post(1))
    assert set(Author.objects.values_list("title", flat=True)) == {"Ana", "Beso"}


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"status": "draft"}, "it was draft there"),
        ({"status": "scheduled"}, "it was future there"),
        ({"status": "sent"}, "it was only sent by mail there"),
        ({"visibility": "members"}, "it was for members only there"),
        ({"visibility": "paid"}, "it was for paying members only there"),
        ({"visibility": "tiers"}, "it was for members of some tiers only there"),
    ],
)
def test_what_not_everyone_could_read_comes_as_a_draft_and_it_is_said_why(old_site, columns, why):
    report = old_site(post(1, **columns))
    story = Story.objects.get()
    assert not story.live
    assert (story.go_live_at is not None) == (columns.get("status") == "scheduled")
    [item] = [item for item in report.items if item.source.startswith("post")]
    assert item.why.startswith(why)


def test_pages_are_plain_pages_and_links_between_posts_lead_here(old_site):
    link = '<a href="__GHOST_URL__/about/#us">us</a> <a href="https://old.example/post-2/">2</a>'
    about = post(3, type="page", slug="about")
    old_site(post(1, html=link), post(2), about, address="https://old.example/")
    assert PlainPage.objects.get().url == "/about/"
    html = Story.objects.get(slug="post-1").body.raw_data[0]["value"]
    two = Story.objects.get(slug="post-2")
    assert html == f'<p><a href="/about/#us">us</a> <a linktype="page" id="{two.pk}">2</a></p>'


def test_old_addresses_lead_here_and_a_canonical_one_of_the_old_site_too(old_site):
    old_site(
        post(1, canonical_url="https://old.example/2020/05/tide/"), address="https://old.example"
    )
    to = {row.old_path: row.redirect_page.url for row in Redirect.objects.all()}
    assert (
        to.items()
        >= {
            "/post-1": "/sea/post-1/",
            "/2020/05/tide": "/sea/post-1/",
            "/tag/sea": "/sea/",
            "/tag/tides": "/topics/tides/",
            "/author/ana": "/authors/ana/",
            "/rss": "/",
        }.items()
    )


def test_what_has_no_place_here_is_listed(old_site):
    injected = {"codeinjection_head": "<script>spy()</script>"}
    elsewhere = {"canonical_url": "https://elsewhere.example/"}
    report = old_site(post(1, **injected, **elsewhere), post(2, html="<script>spy()</script>"))
    notes = report.all_notes()
    assert notes["fields left out"] == notes["canonical addresses elsewhere"] == 1
    assert notes["elements left out"] == 1
    assert report.left_out["rows of the table members"] == 2
    assert "spy" not in str([story.body.raw_data for story in Story.objects.all()])


def test_a_picture_is_brought_from_a_folder_or_a_zip_once(old_site, tmp_path):
    archive = shutil.make_archive(tmp_path / "content", "zip", tmp_path, "content")
    shown = '<img src="__GHOST_URL__/content/images/2020/05/pier.png">' * 2
    old_site(post(1, html=shown), content=tmp_path / "content.zip")
    assert archive.endswith("content.zip")
    old_site(post(1, html=shown), post(2, html=shown))
    assert Picture.objects.count() == 1
    assert len(Story.objects.get(slug="post-2").body.raw_data) == 2


def test_a_second_run_changes_nothing_even_when_the_address_is_given_later(old_site):
    assert old_site(post(1), post(2)).changed_anything
    before = everything()
    assert not old_site(post(1), post(2)).changed_anything
    assert everything() == before
    report = old_site(post(1), post(2), address="https://old.example")
    assert report.outcomes("post") == {Outcome.SAME: 2}


def test_no_secret_and_no_address_is_in_any_row_or_report(old_site, tmp_path):
    report = old_site(post(1), post(2, title="Write to ana@old.example"))
    report.write(tmp_path / "report.json")
    said = (tmp_path / "report.json").read_text()
    rows = str([list(m.objects.values()) for m in apps.get_app_config("stories").get_models()])
    rows = rows.replace("Write to ana@old.example", "")  # the newsroom's own words
    assert not [secret for secret in SECRETS if secret in said or secret in rows]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        ('{"db": [{"meta": {"version": "4.1.0"}, "data": {"posts": [{"id": "1", "ti', "is cut off"),
        ('{"db": [{"meta": {"version": "4.1.0"}, "data": {"posts": [}]', "is damaged"),
        ("<!doctype html><p>Log in", "is a web page"),
        ("PK\x03\x04", "is a zip archive"),
        ("{}", "no Ghost export"),
        ("[]", "no Ghost export"),
        ('{"posts": []}', "no Ghost export"),
        ('{"meta": {"version": "003"}, "data": {"posts": [{}]}}', "version is '003'"),
        ('{"meta": {"version": "7.0.0"}, "data": {"posts": [{}]}}', "only exports of Ghost 1 to 6"),
        ('{"meta": {}, "data": {"posts": [{}]}}', "names no version"),
    ],
)
def test_what_is_no_whole_export_is_refused_and_nothing_is_touched(
    newsroom, tmp_path, content, why
):
    (tmp_path / "old.json").write_text(content)
    before = everything()
    with pytest.raises(CommandError, match=why):
        call_command("import_ghost", str(tmp_path / "old.json"))
    assert everything() == before


def test_a_row_that_lacks_what_every_post_has_is_no_reason_to_fail(old_site):
    bare = {"id": number(1)}
    old_site(bare, post(2, published_at=None, updated_at=1388318310782), posts_tags=[])
    assert {story.title for story in Story.objects.all()} == {
        f"Untitled {number(1)}",
        "The post 2",
    }


def test_the_command_says_what_becomes_of_members_only_when_asked(old_site, tmp_path, capsys):
    old_site(post(1))
    for asked, said in ((False, False), (True, True)):
        call_command("import_ghost", str(tmp_path / "old.json"), members=asked, dry_run=True)
        output = capsys.readouterr().out
        assert ("no import of supporters yet" in output) == said
        assert not [secret for secret in SECRETS if secret in output]


@needs_inputs
@pytest.mark.parametrize("path", GHOST_FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_comes_in_whole_and_once_or_is_refused(newsroom, path, tmp_path):
    posts = POSTS.get(path.name)
    if posts is None:
        with pytest.raises(ImportRefused, match=r"no Ghost export|version"):
            bring_in(path)
        return
    report = bring_in(path)
    report.write(tmp_path / "report.json")
    assert Story.objects.count() + PlainPage.objects.count() == posts
    for page in [*Story.objects.all(), *PlainPage.objects.all()]:
        page.full_clean()
    assert not bring_in(path).changed_anything
    said = (tmp_path / "report.json").read_text("utf-8")
    assert not [secret for secret in secrets_of(path) if secret in said]


# Those that are not here are no exports: broken on purpose, or what Ghost's API answers.
POSTS = {
    "valid.json": 2,
    "v2_export.json": 7,
    "v3_export.json": 7,
    "v4_export.json": 11,
    "mg-assetscraper-db__ghost.json": 3,
    "mg-assetscraper-db__ghost-flat.json": 1,
}


def secrets_of(path):
    """Every password, key, hash and address that the file holds."""
    whole = json.loads(path.read_text("utf-8"))
    data = whole["db"][0]["data"] if "db" in whole else whole["data"]
    rows = [row for table in ("users", "api_keys") for row in data.get(table, [])]
    found = [row.get(key) for row in rows for key in ("password", "email", "secret")]
    found += [row["value"] for row in data["settings"] if "key" in row["key"]]
    return [value for value in found if isinstance(value, str) and len(value) > 6]


def test_the_fixtures_are_where_they_were():
    if INPUTS.exists():
        assert POSTS.keys() <= {path.name for path in GHOST_FIXTURES}
    assert not Imported.objects.exists()
