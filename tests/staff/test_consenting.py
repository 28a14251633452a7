"""Supporters leave only when two people want it, once, and it is written down."""

from datetime import timedelta

import pyrage
import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tamizdat.staff import consenting
from tamizdat.staff.consenting import WITHIN, NoConsent
from tamizdat.staff.models import ExportRequest, User

pytestmark = pytest.mark.usefixtures("newsroom")
KEY = str(pyrage.x25519.Identity.generate().to_public())
OTHER_KEY = str(pyrage.x25519.Identity.generate().to_public())
NOW = timezone.now()
LATER = NOW + timedelta(hours=1)


def someone(name, role):
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def ana():
    return someone("ana", "Revenue lead")


@pytest.fixture
def beso():
    return someone("beso", "Operator")


@pytest.fixture
def asked(ana):
    return consenting.ask(reason="we move to another server", recipient=KEY, by=ana, now=NOW)


def take(request, *, key=KEY, now=LATER):
    consenting.take(request.pk, recipient=key, now=now)


def test_one_asks_another_approves_it_is_taken_once(asked, beso):
    consenting.approve(asked.pk, by=beso, now=LATER)
    take(asked)

    with pytest.raises(NoConsent):
        take(asked)
    asked.refresh_from_db()
    assert (asked.state, asked.taken_at) == ("taken", LATER)


def test_every_step_is_in_the_log_with_who_and_why(asked, ana, beso):
    consenting.approve(asked.pk, by=beso, now=LATER)
    take(asked)

    steps = ModelLogEntry.objects.filter(action__startswith="staff.export").order_by("pk")
    assert [(step.action, step.user) for step in steps] == [
        ("staff.export_ask", ana),
        ("staff.export_approve", beso),
        ("staff.export_take", None),
    ]
    assert {step.data["reason"] for step in steps} == {"we move to another server"}


def test_nobody_approves_their_own(asked, ana):
    with pytest.raises(NoConsent):
        consenting.approve(asked.pk, by=ana, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.update(state="approved", decided_by=ana, decided_at=NOW)


def test_what_nobody_approved_is_not_taken(asked):
    with pytest.raises(NoConsent):
        take(asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.update(state="taken", taken_at=NOW)


def test_it_is_for_the_key_that_was_asked_for(asked, beso):
    consenting.approve(asked.pk, by=beso, now=LATER)

    with pytest.raises(NoConsent):
        take(asked, key=OTHER_KEY)


def test_an_answer_comes_within_a_day_and_so_does_the_taking(asked, beso):
    with pytest.raises(NoConsent):
        consenting.approve(asked.pk, by=beso, now=NOW + WITHIN)
    consenting.approve(asked.pk, by=beso, now=LATER)
    with pytest.raises(NoConsent):
        take(asked, now=LATER + WITHIN)


def test_what_is_refused_stays_refused_even_when_it_was_approved(asked, ana, beso):
    consenting.approve(asked.pk, by=beso, now=LATER)
    consenting.refuse(asked.pk, by=ana, now=LATER)

    with pytest.raises(NoConsent):
        take(asked)
    with pytest.raises(NoConsent):
        consenting.approve(asked.pk, by=beso, now=LATER)


def test_an_emergency_needs_nobody_and_stands_there_for_good(client, ana):
    consenting.take_alone(reason="the police are at the door", recipient=KEY, now=NOW)
    client.force_login(ana)

    page = client.get(reverse("exports")).content.decode()
    assert "by one person alone" in page
    assert "the police are at the door" in page
    assert ModelLogEntry.objects.filter(action="staff.export_take_alone").exists()


def test_in_the_desk_one_asks_and_another_approves(client, ana, beso):
    client.force_login(ana)
    answer = client.post(reverse("exports"), {"reason": "moving", "recipient": KEY}, follow=True)
    [asked] = ExportRequest.objects.all()
    page = answer.content.decode()
    assert reverse("approve_export", args=[asked.pk]) not in page
    client.post(reverse("approve_export", args=[asked.pk]))
    client.force_login(beso)
    assert (
        reverse("approve_export", args=[asked.pk]) in client.get("/desk/exports/").content.decode()
    )
    client.post(reverse("approve_export", args=[asked.pk]))

    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("approved", beso)


def test_an_editor_approves_and_does_not_ask(client, asked):
    client.force_login(someone("eka", "Editor"))

    page = client.get("/desk/exports/").content.decode()
    client.post("/desk/exports/", {"reason": "moving", "recipient": KEY})
    client.post(reverse("approve_export", args=[asked.pk]))

    assert 'name="recipient"' not in page
    assert [one.state for one in ExportRequest.objects.all()] == ["approved"]


@pytest.mark.parametrize("verb", ["approve_export", "refuse_export"])
def test_a_reporter_answers_nothing(client, asked, verb):
    client.force_login(someone("rati", "Reporter"))
    client.post(reverse(verb, args=[asked.pk]))

    asked.refresh_from_db()
    assert asked.state == "asked"


def test_a_secret_key_is_refused_and_not_shown(client, ana):
    client.force_login(ana)
    secret = str(pyrage.x25519.Identity.generate())

    answer = client.post(reverse("exports"), {"reason": "moving", "recipient": secret})

    assert answer.status_code == 422
    assert b"secret half" in answer.content
    assert not ExportRequest.objects.exists()


def test_whoever_may_approve_sees_it_when_the_desk_opens_and_the_asker_does_not(
    client, asked, ana, beso
):
    for user, sees in ((ana, False), (beso, True)):
        client.force_login(user)
        home = client.get(reverse("wagtailadmin_home")).content.decode()
        assert ("we move to another server" in home) is sees
