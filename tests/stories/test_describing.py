"""A picture that says nothing is published by no road."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow

from tamizdat.stories.models import Story
from tests.editions.conftest import add_picture, add_section
from tests.editions.conftest import site as site

pytestmark = pytest.mark.django_db


def a_draft(section, title="Quay", *, alt="", inside=False, **fields):
    picture = add_picture(title)
    if inside:
        shown = {"picture": picture.pk, "alt": alt, "caption": "", "credit": ""}
        fields["body"] = json.dumps([{"type": "gallery", "value": {"pictures": [shown]}}])
    else:
        fields |= {"lead_picture": picture, "lead_alt": alt}
    story = Story(title=title, live=False, locale=section.locale, **fields)
    section.add_child(instance=story).save_revision()
    return story


@pytest.fixture
def section(site, newsroom):
    return add_section()


def publish(desk, *pages, descendants=False):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    ids = "&".join(f"id={page.pk}" for page in pages)
    form = {"include_descendants": "on"} if descendants else {}
    answer = desk.post(f"{address}?{ids}&next=/desk/pages/", form, follow=True)
    return answer.content.decode()


@pytest.mark.parametrize("inside", [True, False])
def test_many_are_published_at_once_only_if_all_say_something(section, admin_client, inside):
    mute, told = a_draft(section, inside=inside), a_draft(section, "Crane", alt="A crane")
    page = publish(admin_client, mute, told)

    assert "“Quay” is not published yet: its picture “Quay” says nothing" in page
    assert not Story.objects.live().exists()
    publish(admin_client, told)
    assert Story.objects.live().get().title == "Crane"


def test_nor_as_one_of_those_under_another_page(section, admin_client):
    a_draft(section)
    assert "says nothing" in publish(admin_client, section, descendants=True)
    assert not Story.objects.live().exists()


def approve(desk, story):
    state = story.current_workflow_state.current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "approve", state.pk])
    header = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
    said = desk.post(address, {"comment": ""}, **header).json()
    return desk.get(said["redirect"]).content.decode()


def submitted(section, user, **fields):
    story = a_draft(section, **fields)
    Workflow.objects.get().start(story, user)
    return story


def test_a_story_of_the_future_is_approved_only_if_it_says_something(
    section, admin_client, admin_user
):
    tomorrow = timezone.now() + timedelta(days=1)
    mute = submitted(section, admin_user, go_live_at=tomorrow)
    assert "says nothing" in approve(admin_client, mute)
    assert mute.current_workflow_state
    assert not mute.scheduled_revision

    told = submitted(section, admin_user, title="Crane", alt="A crane", go_live_at=tomorrow)
    assert "says nothing" not in approve(admin_client, told)
    assert told.scheduled_revision


def test_the_clock_publishes_what_was_approved(section, admin_client, admin_user):
    story = submitted(section, admin_user, alt="A quay", go_live_at=timezone.now())
    approve(admin_client, story)
    call_command("publish_scheduled", stdout=io.StringIO())

    assert Story.objects.live().get() == story


def test_what_is_not_described_can_be_sent_back(section, admin_client, admin_user):
    story = submitted(section, admin_user)
    state = story.current_workflow_state.current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "reject", state.pk])
    admin_client.post(address, {"comment": "Say what it shows."})

    state.refresh_from_db()
    assert state.status == "rejected"
