"""Ways to pay in the desk: seen, turned off and on with a reason, and staff told once."""

from datetime import timedelta

import pytest
from django.core import mail
from wagtail.models import ModelLogEntry

from tamizdat.config import roles
from tamizdat.funding import switching
from tamizdat.payments import breaking
from tamizdat.payments.models import Breaker, Bucket
from tests.conftest import NOON
from tests.payments.test_breaking import answered

pytestmark = pytest.mark.usefixtures("outlet", "nowhere")
ADDRESS = "/desk/ways-to-pay/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def lead(django_user_model):
    """Someone who may turn ways to pay on and off, and has a mailbox."""
    roles.define()
    user = django_user_model.objects.create_user("lea", email="lea@lantern.example")
    user.groups.add(roles.Group.objects.get(name="Revenue lead"))
    return user


@pytest.fixture
def desk(client, lead):
    client.force_login(lead)
    return client


def tripped():
    breaking.look("demo-bank", now=NOON)
    answered(10, at=NOON + MINUTE)
    return breaking.look("demo-bank", now=NOON + MINUTE)


def test_it_is_turned_off_and_on_with_a_reason_that_is_kept(desk, lead):
    for turn, state in [("off", "open"), ("on", "closed")]:
        words = {"provider": "demo-bank", "turn": turn, "reason": f"because {turn}"}
        assert desk.post(ADDRESS, words).status_code == 302
        assert Breaker.objects.get().state == state

    entries = ModelLogEntry.objects.filter(action=switching.SWITCH).order_by("pk")
    assert [(e.user, e.message) for e in entries] == [
        (lead, "Turned demo-bank off: because off"),
        (lead, "Turned demo-bank on: because on"),
    ]


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"turn": "x"}, {"provider": "stripe"}])
def test_without_a_reason_or_of_nothing_nothing_is_turned(desk, wrong):
    words = {"provider": "demo-bank", "turn": "off", "reason": "attack"} | wrong

    assert desk.post(ADDRESS, words).status_code == 422
    assert not Breaker.objects.tripped().exists()


def test_who_may_not_does_not_see_it(client, django_user_model):
    roles.define()
    user = django_user_model.objects.create_user("ed")
    user.groups.add(roles.Group.objects.get(name="Editor"))
    client.force_login(user)

    assert client.get(ADDRESS).status_code == 302
    client.post(ADDRESS, {"provider": "demo-bank", "turn": "off", "reason": "x"})
    assert not Breaker.objects.tripped().exists()


def test_the_desk_says_what_is_off_until_when(desk):
    tripped()

    assert "are off until" in desk.get("/desk/").content.decode()
    breaking.turn_off("demo-bank", now=NOON)
    assert "until a person turns it on" in desk.get(ADDRESS).content.decode()


def test_staff_is_told_once_in_an_attack_however_often_it_trips(lead):
    until = tripped().until
    assert [switching.watch(now=NOON + MINUTE) for _ in range(2)] == [1, 0]

    switching.watch(now=until)
    answered(3, at=until + MINUTE)
    switching.watch(now=until + MINUTE)

    assert Breaker.objects.get().trips == 2
    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["lea@lantern.example"], "A way to pay was turned off")
    ]
    assert "10 cards were refused" in mail.outbox[0].body


def test_staff_is_told_again_of_another_attack(lead):
    until = tripped().until
    switching.watch(now=until)
    switching.watch(now=until + breaking.QUIET)
    later = until + 2 * breaking.CALM
    answered(10, at=later)

    breaking.look("demo-bank", now=later)
    switching.watch(now=later)

    assert len(mail.outbox) == 2


def test_who_turned_it_off_need_not_be_told(lead):
    switching.switch("demo-bank", on=False, reason="attack", by=lead, now=NOON)

    assert switching.watch(now=NOON) == 0
    assert mail.outbox == []


def test_the_chore_forgets_what_is_counted_no_more():
    Bucket.objects.create(name="x", free_at=0)

    switching.watch(now=NOON)

    assert not Bucket.objects.exists()
