"""Several processes bake what one does, and a lost one is told of."""

import os
import signal

import pytest
from django.core.management import CommandError, call_command

from tamizdat.editions import baking, crew, targets
from tamizdat.editions.models import Edition, Outdated
from tests.conftest import NOON
from tests.editions.conftest import add_section, add_story, files_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def many(site, migrated, newsroom, monkeypatch):
    """A newsroom with as many pages as two processes are started for."""
    monkeypatch.setattr(crew, "MANY", 8)
    monkeypatch.setattr(crew, "CHUNK", 2)
    section = add_section()
    for number in range(4):
        add_story(section, title=f"Crane {number}")
    return site


def test_two_processes_make_the_same_tree_as_one(many):
    baking.bake(now=NOON, workers=2)
    by_two = files_in(many)
    assert "harbour/crane-3/index.html" in by_two

    assert baking.bake(now=NOON, workers=1).files == 0
    assert files_in(many) == by_two


def test_a_long_bake_goes_live_a_few_times_only(many, monkeypatch):
    monkeypatch.setattr(baking, "TOGETHER", 2)
    monkeypatch.setattr(baking, "EDITIONS", 2)
    tally = baking.bake(now=NOON, workers=2)

    assert Edition.objects.count() < tally.pages / 4
    assert baking.bake(now=NOON, workers=1).files == 0


def test_a_process_that_is_killed_is_told_of_and_the_next_bake_goes_on(many, monkeypatch):
    ours, prime = os.getpid(), targets.prime

    def killed(keys, memory):
        if os.getpid() != ours and ("robots",) in keys:
            os.kill(os.getpid(), signal.SIGKILL)
        prime(keys, memory)

    with monkeypatch.context() as patched:
        patched.setattr(targets, "prime", killed)
        with pytest.raises(CommandError, match="was killed"):
            call_command("bake", all=True, workers=2, verbosity=0)
    assert Outdated.objects.exists()

    call_command("bake", workers=2, verbosity=0)
    assert not Outdated.objects.due(now=NOON).exists()
    assert "harbour/crane-3/index.html" in files_in(many)
