"""What an editor is told after a change at the desk."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from tamizdat.editions import baking
from tamizdat.outlet.models import Masthead
from tests.conftest import NOON
from tests.editions.conftest import add_section, add_story, site  # noqa: F401 a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(site, newsroom):  # noqa: F811
    story = add_story(add_section())
    baking.bake(now=NOON, workers=1)
    return story


def unpublish(client, story):
    return client.post(reverse("wagtailadmin_pages:unpublish", args=[story.pk]), follow=True)


def rename(client, story):
    masthead = Masthead.objects.get(locale=story.locale)
    edit = reverse(masthead.snippet_viewset.get_url_name("edit"), args=[masthead.pk])
    words = {"locale": story.locale_id, "name": "The Lantern", "currency": "USD"}
    words |= {"mail_profile": masthead.mail_profile}
    return client.post(edit, words, follow=True).content.decode()


def test_the_editor_is_told_how_soon_what_went_live_and_why(story, admin_client):
    said = rename(admin_client, story)

    assert "Live after" in said
    assert "masthead(&#x27;en&#x27;) after masthead" in said


def test_a_page_is_gone_before_the_answer(story, admin_client, site):  # noqa: F811
    unpublish(admin_client, story)

    assert not (site / "harbour/cranes-fall-silent").exists()


def test_what_cannot_be_baked_is_saved_all_the_same(story, admin_client, monkeypatch):
    monkeypatch.setattr(baking, "answer", lambda **_: 1 / 0)
    said = unpublish(admin_client, story).content.decode()

    assert "Readers will see it a little later" in said
    assert not Page.objects.get(pk=story.pk).live


def test_a_page_of_which_no_reason_is_kept_is_counted_and_no_more(story, admin_client, monkeypatch):
    monkeypatch.setattr(baking, "answer", lambda **_: baking.Tally(pages=1))

    assert "s; 1 page.\n" in rename(admin_client, story).replace("</", "\n</")


def test_of_very_many_changes_the_worker_takes_care(story, admin_client, monkeypatch):
    monkeypatch.setattr(baking, "MANY", 0)

    assert "the worker bakes it" in rename(admin_client, story)


def test_a_page_is_gone_before_the_answer_however_many_changes_wait(
    story,
    admin_client,
    site,  # noqa: F811
    monkeypatch,
):
    monkeypatch.setattr(baking, "MANY", 0)
    unpublish(admin_client, story)

    assert not (site / "harbour/cranes-fall-silent").exists()


def test_the_desk_says_where_a_page_appears(story, admin_client):
    address = reverse("appearances", args=[story.pk])
    assert address in admin_client.get(f"/desk/pages/{story.pk}/edit/").content.decode()
    said = admin_client.get(address).content.decode()

    for path in ("/", "/harbour/", "/harbour/cranes-fall-silent/"):
        assert f'<a href="{path}">{path}</a>' in said
