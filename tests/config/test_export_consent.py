"""Supporters leave when two people want it."""

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tamizdat.config import exporting
from tamizdat.staff import consenting
from tamizdat.staff.models import ExportRequest, User
from tests.config.test_exporting import RECIPIENT, agreed, every


@pytest.fixture
def two_people(newsroom):
    """The number of a request that Ana made and Beso approved just now."""
    ana, beso = (User.objects.create_user(name) for name in ("ana", "beso"))
    now = timezone.now()
    asked = consenting.ask(reason="moving", recipient=RECIPIENT, by=ana, now=now)
    consenting.approve(asked.pk, by=beso, now=now)
    return asked.pk


def test_supporters_leave_when_two_people_want_it_and_once(two_people, tmp_path):
    folder = tmp_path / "leaving"
    call_command("export", str(folder), key=RECIPIENT, request=two_people)
    assert (folder / "supporters.age").exists()

    with pytest.raises(CommandError, match="two people"):
        call_command("export", str(tmp_path / "again"), key=RECIPIENT, request=two_people)
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("consent", [{}, {"request": 4711}])
def test_without_a_second_person_supporters_stay(newsroom, tmp_path, consent):
    with pytest.raises(CommandError, match="two people"):
        call_command("export", str(tmp_path / "leaving"), key=RECIPIENT, **consent)
    assert not (tmp_path / "leaving").exists()


def test_a_consent_is_for_one_key(two_people, tmp_path):
    other = str(pyrage.x25519.Identity.generate().to_public())

    with pytest.raises(CommandError, match="two people"):
        call_command("export", str(tmp_path / "leaving"), key=other, request=two_people)


def test_a_consent_is_not_used_up_where_nothing_is_taken(two_people, tmp_path):
    exporting.export(tmp_path / "leaving", key=RECIPIENT, take=agreed, watch=every)
    call_command("export", str(tmp_path / "leaving"), key=RECIPIENT, request=two_people)

    assert ExportRequest.objects.get().state == "approved"


def test_in_an_emergency_one_person_is_enough_and_it_stands_in_the_log(newsroom, tmp_path):
    call_command("export", str(tmp_path / "leaving"), key=RECIPIENT, alone="we must flee tonight")

    [entry] = ModelLogEntry.objects.filter(action="staff.export_take_alone")
    assert entry.data["reason"] == "we must flee tonight"
    assert (tmp_path / "leaving/supporters.age").exists()
