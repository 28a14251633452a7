"""A whole real site, against what its database held."""

import json
import re

import pytest
from django.apps import apps
from django.db import transaction
from django.test import override_settings
from wagtail.contrib.redirects.models import Redirect

from tamizdat.config import founding
from tamizdat.stories.importing import wxr
from tamizdat.stories.models import Author, Imported, Picture, PlainPage, Section, Story, Topic
from tests.stories.importing_inputs import GENUINE, INPUTS, UPLOADS, bring_in, needs_inputs

# Of two workers one imports the site, the other has something else to do meanwhile.
pytestmark = [needs_inputs, pytest.mark.django_db, pytest.mark.xdist_group("genuine")]
CYRILLIC = r"[а-яёА-ЯЁ]"


class Undo(Exception):
    """Rolls back what a module's fixture wrote."""


@pytest.fixture(scope="module")
def counts():
    return json.loads((INPUTS / "genuine/counts.json").read_text())["wordpress"]


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The genuine site, brought in once for all tests here; undone after them."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media):
        try:
            with transaction.atomic():
                founding.found()
                yield bring_in(GENUINE, uploads=UPLOADS)
                raise Undo
        except Undo:
            pass


def test_every_published_post_is_live_and_the_others_are_drafts(site, counts):
    by_status = counts["posts_by_status"]
    assert Story.objects.live().count() == by_status["publish"] - counts["posts_with_password"]
    assert Story.objects.count() == counts["posts_total"] - by_status["trash"]
    assert Story.objects.exclude(go_live_at=None).count() == by_status["future"]


def test_every_page_stands_where_it_stood(site, counts):
    assert PlainPage.objects.live().count() == counts["pages_by_status"]["publish"]
    assert PlainPage.objects.count() == sum(counts["pages_by_status"].values())
    below = [
        page
        for page in PlainPage.objects.all()
        if isinstance(page.get_parent().specific, PlainPage)
    ]
    assert len(below) == counts["pages_with_a_parent"]


def test_every_author_with_content_has_a_page(site, counts):
    export = wxr.read(GENUINE)
    assert len(export.writers) == counts["authors_with_content"]
    names = {writer.name for writer in export.writers}
    assert names <= set(Author.objects.values_list("title", flat=True))
    assert not Story.objects.live().filter(bylines=None).exists()


def test_every_tag_is_a_topic_and_every_category_a_section_or_a_topic(site, counts):
    terms = wxr.read(GENUINE).terms
    topics, sections = (
        set(Imported.objects.filter(kind=kind).values_list("source_id", flat=True))
        for kind in ("topic", "section")
    )
    tags = {term.slug for term in terms if term.taxonomy == "post_tag"}
    categories = {term.slug for term in terms if term.taxonomy == "category"}
    assert (len(tags), len(categories)) == (
        counts["terms"]["post_tag"],
        counts["terms"]["category"],
    )
    assert tags <= topics
    assert categories <= topics | sections
    assert Topic.objects.count() == len(topics)
    assert Section.objects.count() == len(sections)


def test_every_featured_picture_whose_file_is_there_leads_its_story(site, counts):
    export = wxr.read(GENUINE)
    featured = [entry for entry in export.entries if entry.first("_thumbnail_id")]
    assert len(featured) == counts["featured_images"]
    brought = [entry for entry in featured if entry.kind == "post" and entry.status != "trash"]
    assert Story.objects.exclude(lead_picture=None).count() == len(brought)
    assert Picture.objects.count() == counts["attachments"]
    assert Picture.objects.exclude(description="").count() == counts["attachments_with_alt"]


def test_every_old_slug_and_permalink_of_a_live_story_leads_to_it(site, counts):
    entries = [e for e in wxr.read(GENUINE).of_kind("post") if e.status == "publish"]
    slugs = sum(len(entry.meta.get("_wp_old_slug", [])) for entry in wxr.read(GENUINE).entries)
    assert slugs == counts["old_slug_rows"]
    to = dict(Redirect.objects.values_list("old_path", "redirect_page_id"))
    pages = dict(Imported.objects.filter(kind="story").values_list("source_id", "page_id"))
    for entry in (entry for entry in entries if not entry.has_password):
        old = [Redirect.normalise_path(path) for path in entry.meta.get("old_permalink", [])]
        assert [to[path] for path in [*old, Redirect.normalise_path(entry.address)]] == [
            pages[entry.source_id]
        ] * (len(old) + 1)
        for slug in entry.meta.get("_wp_old_slug", []):
            path = Redirect.normalise_path(re.sub(r"[^/]+/$", slug, entry.address))
            assert to[path] == pages[entry.source_id]


def test_no_redirect_leads_to_itself_or_to_another_redirect(site):
    addresses = {row.redirect_page.url.rstrip("/") for row in Redirect.objects.all()}
    assert not addresses & set(Redirect.objects.values_list("old_path", flat=True))
    assert not Redirect.objects.filter(redirect_page__live=False).exists()


def test_cyrillic_titles_and_slugs_are_letters(site, counts):
    titled = Story.objects.filter(title__regex=CYRILLIC)
    entries = [e for e in wxr.read(GENUINE).of_kind("post") if re.search(CYRILLIC, e.title)]
    assert titled.count() == len([e for e in entries if e.status != "trash"])
    assert len(entries) == counts["posts_cyrillic_title"]
    assert (
        Story.objects.filter(slug__regex=CYRILLIC).count() >= counts["posts_percent_encoded_slug"]
    )
    assert not Story.objects.filter(slug__contains="%").exists()


def test_the_desk_can_save_every_story_as_it_came_once_its_pictures_are_described(site):
    assert any(kind.startswith("pictures that nothing describes") for kind in site.all_notes())
    Picture.objects.filter(description="").update(description="Somebody looked at it")
    for page in [*Story.objects.all(), *PlainPage.objects.all()]:
        page.full_clean()
        page.body.stream_block.clean(page.body)


def test_no_address_of_an_author_or_commenter_is_in_any_row(site):
    mails = set(re.findall(r"_email>(?:<!\[CDATA\[)?([^<\]]+@[^<\]]+)", GENUINE.read_text("utf-8")))
    assert len(mails) > 60
    for model in apps.get_app_config("stories").get_models():
        rows = str(list(model.objects.values()))
        assert not [mail for mail in mails if mail in rows]


def test_what_was_not_carried_over_is_listed(site, counts):
    found = site.all_notes()
    assert found["shortcodes"] == 6
    assert found["blocks made by WordPress itself"] == 10
    assert site.left_out["comments"] == counts["comments_exported_expected"]
    assert site.left_out["items of type nav_menu_item"] == counts["menu_items"]
    assert site.controls_dropped == 2


def test_a_second_run_changes_nothing(site):
    def everything():
        return {model._meta.label: model.objects.count() for model in apps.get_models()}

    before = everything()
    assert not bring_in(GENUINE, uploads=UPLOADS).changed_anything
    assert everything() == before
