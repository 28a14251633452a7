"""Each role, and what it may not do."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from tamizdat.config import roles
from tamizdat.outlet.models import Masthead
from tamizdat.staff.models import User
from tamizdat.stories.models import Front, Section, Story

pytestmark = pytest.mark.usefixtures("newsroom")


def someone(role: str) -> Client:
    user = User.objects.create_user(role.lower().replace(" ", "-"), password="not-a-secret")
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def story():
    front = Front.objects.get(locale__language_code="en")
    section = front.add_child(instance=Section(title="Harbour", slug="harbour"))
    return section.add_child(instance=Story(title="A lamp", slug="a-lamp", live=False))


def test_the_table_is_what_the_database_holds():
    roles.define()

    assert set(Group.objects.values_list("name", flat=True)) == {role.name for role in roles.ROLES}


@pytest.mark.parametrize("role", [role.name for role in roles.ROLES])
def test_every_role_reaches_the_desk(role):
    assert someone(role).get(reverse("wagtailadmin_home")).status_code == 200


def test_a_stranger_does_not(client):
    assert client.get(reverse("wagtailadmin_home")).status_code == 302


@pytest.mark.parametrize(("role", "may"), [("Reporter", False), ("Editor", True)])
def test_only_an_editor_publishes(role, may, story):
    user = User.objects.get(pk=someone(role).session["_auth_user_id"])

    assert story.permissions_for_user(user).can_publish() is may


def test_a_reporter_may_not_edit_a_colleagues_story(story):
    response = someone("Reporter").get(reverse("wagtailadmin_pages:edit", args=[story.pk]))

    assert response.status_code == 302


@pytest.mark.parametrize("role", ["Revenue lead", "Operator"])
def test_neither_revenue_nor_operations_touch_stories(role, story):
    response = someone(role).get(reverse("wagtailadmin_pages:edit", args=[story.pk]))

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("role", "may"),
    [("Reporter", False), ("Editor", False), ("Revenue lead", False), ("Operator", True)],
)
def test_only_an_operator_changes_who_we_are(role, may):
    edit = Masthead.snippet_viewset.get_url_name("edit")
    response = someone(role).get(reverse(edit, args=[Masthead.objects.first().pk]))

    assert (response.status_code == 200) is may


@pytest.mark.parametrize(
    ("role", "may"),
    [("Reporter", False), ("Editor", False), ("Revenue lead", False), ("Operator", True)],
)
def test_only_an_operator_changes_the_staff(role, may):
    response = someone(role).get(reverse("wagtailusers_users:index"))

    assert (response.status_code == 200) is may
