"""What the desk leaves for the worker: each task once, whatever becomes of it."""

import logging

import pytest
from django.core.management import call_command
from wagtail.models import ReferenceIndex

from tamizdat.staff import errands
from tamizdat.staff.models import Errand
from tests.conftest import NOON
from tests.editions.conftest import add_picture, add_section, add_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("newsroom")]


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_what_a_story_refers_to_is_known_once_the_worker_has_been_there():
    picture = add_picture()
    story = add_story(add_section(), lead_picture=picture)
    usage = ReferenceIndex.get_references_to(picture)
    assert not usage.exists()
    words = [each.arguments for each in Errand.objects.filter(task__contains="reference")]
    assert len(words) == len(set(words))

    errands.run(now=NOON)

    assert {each.object_id for each in usage} == {str(story.pk)}
    assert not Errand.objects.exists()


def errors(caplog):
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]


def test_an_errand_whose_row_is_gone_is_dropped_in_silence(caplog):
    add_story(add_section()).delete()
    errands.run(now=NOON)

    assert not Errand.objects.exists()
    assert not errors(caplog)


def test_an_errand_that_fails_is_told_of_and_stops_no_other(caplog):
    Errand.objects.create(task="wagtail.tasks.update_reference_index_task", arguments="[[], {}]")
    story = add_story(add_section(), lead_picture=add_picture())
    errands.run(now=NOON)

    (told,) = errors(caplog)
    assert told == "could not do wagtail.tasks.update_reference_index_task [[], {}]: TypeError"
    assert ReferenceIndex.objects.filter(object_id=story.pk).exists()
    assert not Errand.objects.exists()


def test_what_cannot_wait_is_done_on_the_spot(django_capture_on_commit_callbacks):
    picture = add_picture()
    with django_capture_on_commit_callbacks(execute=True):
        picture.delete()
    assert not picture.file.storage.exists(picture.file.name)


def test_the_worker_runs_them():
    add_story(add_section())
    call_command("work", once=True, verbosity=0)
    assert not Errand.objects.exists()


def test_an_errand_in_the_middle_of_which_the_worker_is_stopped_still_waits(monkeypatch):
    def stop(_errand):
        raise KeyboardInterrupt

    add_story(add_section())
    waiting = Errand.objects.count()
    monkeypatch.setattr(errands, "_do", stop)
    with pytest.raises(KeyboardInterrupt):
        errands.run(now=NOON)

    assert Errand.objects.count() == waiting
