"""Each role, and what it may not do."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask

from tamizdat.appeals.models import Experiment, Message
from tamizdat.config import roles
from tamizdat.funding.models import AmountLadder
from tamizdat.newsletters.models import Issue
from tamizdat.outlet import kept_mails
from tamizdat.outlet.models import Masthead
from tamizdat.staff.models import User
from tamizdat.stories.models import Front, Section, Story
from tests.appeals.experiments import experiment
from tests.newsletters.making import an_issue

pytestmark = pytest.mark.usefixtures("newsroom")

REPORTER, EDITOR, LEAD, OPERATOR = "Reporter", "Editor", "Revenue lead", "Operator"
EVERYONE = (REPORTER, EDITOR, LEAD, OPERATOR)

# What can be opened at the desk, and who may. Everybody else may not.
DOORS = {
    "pledges": {LEAD},
    "gifts to be found": {LEAD},
    "gifts made once": {LEAD},
    "amounts": {LEAD},
    "new amounts": {LEAD},
    "safety rules": {LEAD},
    "a new safety rule": {LEAD},
    "mail by country": {LEAD},
    "what a reader sees": {LEAD},
    "halts": {LEAD},
    "ways to pay": {LEAD, OPERATOR},
    "reconciliation": {LEAD},
    "bank statements": {LEAD},
    "asks": {LEAD},
    "an ask": {LEAD},
    "experiments": {LEAD},
    "a new experiment": {LEAD},
    "an experiment": {LEAD},
    "newsletters": {EDITOR, LEAD},
    "a newsletter to be sent": {EDITOR, LEAD},
    "books": {LEAD, OPERATOR},
    "exports": {EDITOR, LEAD, OPERATOR},
    "mails": {OPERATOR},
    "users": {OPERATOR},
    "a new user": {OPERATOR},
    "a masthead": {OPERATOR},
    "languages": {OPERATOR},
    "redirects": {EDITOR},
    "roles": set(),
    "a story of a colleague": {EDITOR},
    "a new story": {REPORTER, EDITOR},
}


def address_of(door: str) -> str:
    message, masthead = Message.objects.earliest("pk"), Masthead.objects.earliest("pk")
    match door:
        case "an ask":
            return reverse(Message.snippet_viewset.get_url_name("edit"), args=[message.pk])
        case "an experiment":
            experiment(begins=None)
            return reverse("experiment", args=["words"])
        case "a newsletter to be sent":
            return reverse("newsletters_desk:show", args=[an_issue().pk])
        case "a masthead":
            return reverse(Masthead.snippet_viewset.get_url_name("edit"), args=[masthead.pk])
        case "a story of a colleague":
            return reverse("wagtailadmin_pages:edit", args=[a_story().pk])
        case "a new story":
            parent = a_story().get_parent()
            return reverse("wagtailadmin_pages:add", args=["stories", "story", parent.pk])
    return reverse(
        {
            "pledges": "pledge:index",
            "gifts to be found": "gifts:find",
            "gifts made once": "contribution:index",
            "amounts": "amountladder:index",
            "new amounts": "amountladder:add",
            "safety rules": "riskrule:index",
            "a new safety rule": "riskrule:add",
            "mail by country": "mailrule:index",
            "what a reader sees": "safety-preview:preview",
            "halts": "haltorder:index",
            "ways to pay": "ways-to-pay:switch",
            "reconciliation": "reconciliation:show",
            "bank statements": "bank:index",
            "asks": Message.snippet_viewset.get_url_name("list"),
            "experiments": Experiment.snippet_viewset.get_url_name("list"),
            "a new experiment": Experiment.snippet_viewset.get_url_name("add"),
            "newsletters": Issue.snippet_viewset.get_url_name("list"),
            "books": "books",
            "exports": "exports",
            "mails": "mails",
            "users": "wagtailusers_users:index",
            "a new user": "wagtailusers_users:add",
            "languages": "wagtaillocales:index",
            "redirects": "wagtailredirects:index",
            "roles": "wagtailusers_groups:index",
        }[door]
    )


def someone(role: str) -> User:
    user = User.objects.create_user(role.lower().replace(" ", "-"), password="not-a-secret")
    user.groups.add(Group.objects.get(name=role))
    return user


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_story() -> Story:
    front = Front.objects.get(locale__language_code="en")
    section = front.add_child(instance=Section(title="Harbour", slug="harbour"))
    return section.add_child(instance=Story(title="A lamp", slug="a-lamp", live=False))


def each_who_may(allowed: set[str]) -> list[object]:
    return [
        pytest.param(role, role in allowed, id=f"{role} {'may' if role in allowed else 'may not'}")
        for role in EVERYONE
    ]


@pytest.fixture(autouse=True)
def mails_are_kept(settings):
    settings.EMAIL_BACKEND = kept_mails.FILE_BACKEND


def test_the_table_is_what_the_database_holds():
    roles.define()

    assert set(Group.objects.values_list("name", flat=True)) == {role.name for role in roles.ROLES}


def test_these_are_all_the_roles():
    assert {role.name for role in roles.ROLES} == set(EVERYONE)


@pytest.mark.parametrize("role", EVERYONE)
def test_every_role_reaches_the_desk(role):
    assert desk_of(someone(role)).get(reverse("wagtailadmin_home")).status_code == 200


def test_a_stranger_does_not(client):
    assert client.get(reverse("wagtailadmin_home")).status_code == 302


@pytest.mark.parametrize("role", EVERYONE)
@pytest.mark.parametrize("door", DOORS)
def test_who_opens_what(door, role):
    answer = desk_of(someone(role)).get(address_of(door))

    if role in DOORS[door]:
        assert answer.status_code == 200
    else:  # to a door that opens: the one to sign in at would send them back here, for ever
        assert answer.url == reverse("wagtailadmin_home")


@pytest.mark.parametrize("door", DOORS)
def test_a_superuser_opens_everything(door, admin_client):
    assert admin_client.get(address_of(door)).status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_a_stranger_opens_nothing(door, client):
    answer = client.get(address_of(door))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("wagtailadmin_login"))


@pytest.mark.parametrize(("role", "may"), each_who_may({EDITOR}))
def test_only_an_editor_publishes(role, may):
    assert a_story().permissions_for_user(someone(role)).can_publish() is may


@pytest.mark.parametrize(("role", "may"), each_who_may({EDITOR}))
def test_only_an_editor_unlocks_what_a_colleague_locked(role, may):
    story = a_story()
    story.locked, story.locked_by = True, User.objects.create_user("dina")

    assert story.permissions_for_user(someone(role)).can_unlock() is may


@pytest.mark.parametrize(("role", "may"), each_who_may({OPERATOR}))
def test_only_an_operator_changes_a_user_and_nobody_makes_themselves_an_administrator(role, may):
    user = someone(role)
    edit = reverse("wagtailusers_users:edit", args=[user.pk])
    wish = {
        "username": user.username,
        "first_name": "Ana",
        "last_name": "B",
        "email": "a@b.example",
    }
    desk_of(user).post(edit, wish | {"is_superuser": "on"})

    user.refresh_from_db()
    assert (user.first_name == "Ana") is may
    assert not user.is_superuser


@pytest.mark.parametrize("role", EVERYONE)
def test_nobody_deletes_the_amounts_of_a_currency(role):
    ladder = AmountLadder.objects.earliest("pk")
    desk_of(someone(role)).post(reverse("amountladder:delete", args=[ladder.pk]))

    assert AmountLadder.objects.filter(pk=ladder.pk).exists()


@pytest.mark.parametrize(("role", "may"), each_who_may({LEAD}))
def test_only_the_revenue_lead_sees_money_when_the_desk_opens(role, may):
    home = desk_of(someone(role)).get(reverse("wagtailadmin_home")).content.decode()

    assert ("The money" in home) is may


def test_what_a_reporter_submits_waits_for_the_editors():
    task = GroupApprovalTask.objects.get()

    assert [group.name for group in task.groups.all()] == [EDITOR]
    assert task.name == task.workflow_tasks.get().workflow.name == "An editor reads it"
