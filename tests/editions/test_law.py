"""The one law: what was baked bit by bit is what a full bake would have made."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tamizdat.config import founding
from tamizdat.editions import baking, live, redirecting, signing
from tamizdat.lib.verifying import Folder, PublicKey, verify
from tamizdat.stories.models.page import ListPage
from tests.conftest import NOON
from tests.editions import breaking_off, editing
from tests.editions.conftest import files_in
from tests.editions.losing import LOSSES

numbers = st.integers(0, 5)
edits = st.sampled_from(editing.EDITS)


def after(number, steps):
    """Another number of the same few."""
    return (number + steps) % 6


def moves_in(tree):
    """Where addresses lead. What is gone is told only by who knows that it was there."""
    return {old: move for old, move in redirecting.read_map(tree).items() if move[0] != 410}


def differing():
    """What of the tree is not as it was signed."""
    key = PublicKey.read(signing.trusted_key())
    report = verify(Folder(live.site().tree.root), key, now=NOON, allow_expired=True)
    return report.missing + report.altered + report.extra


class LawOfTheEditions(RuleBasedStateMachine):
    """Anything that may happen at the desk, at a prompt and to the machine, in any order."""

    def __init__(self):
        super().__init__()
        self.run = transaction.atomic()
        self.run._from_testcase = True
        self.run.__enter__()
        self.folder = tempfile.TemporaryDirectory()
        self.now = NOON
        self.home = override_settings(
            SITE_ROOT=Path(self.folder.name, "live"), MEDIA_ROOT=Path(self.folder.name, "media")
        )
        self.home.enable()
        self.short = mock.patch.object(ListPage, "LENGTH", 2)  # a few stories fill a list
        self.short.start()
        founding.found()
        editing.begin()

    @initialize(is_baked=st.booleans())
    def open(self, is_baked):
        """An edit shows what the traces are worth only where pages were made before it."""
        if is_baked:
            baking.catch_up(now=self.now, workers=1)

    @rule(edit=edits, number=numbers, other=numbers)
    def edit(self, edit, number, other):
        edit(number, other)

    @rule(edit=edits, number=numbers, other=numbers, at_once=st.sampled_from([1, 3, 40]))
    def edit_at_the_desk(self, edit, number, other, at_once):
        edit(number, other)
        baking.answer(now=self.now, at_once=at_once)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        self.now += timedelta(days=days)
        call_command("publish_scheduled", verbosity=0)

    @rule(step=st.sampled_from(breaking_off.STEPS), edit=edits, number=numbers)
    def the_power_fails(self, step, edit, number):
        edit(number, after(number, 1))
        with breaking_off.failing_at(step):
            baking.answer(now=self.now)

    @rule(edit=edits, number=numbers)
    def something_changes_while_pages_are_made(self, edit, number):
        with breaking_off.interrupted_by(lambda: edit(number, after(number, 2))):
            baking.catch_up(now=self.now, workers=1)

    @rule(loss=st.sampled_from(sorted(LOSSES)))
    def the_disk_loses(self, loss):
        LOSSES[loss](live.site().tree.root)

    @rule()
    def the_tree_is_what_a_full_bake_makes(self):
        baking.catch_up(now=self.now, workers=1)
        made, moves = files_in(live.site().tree.root), moves_in(live.site().tree)
        assert differing() == []
        folder = tempfile.mkdtemp(dir=self.folder.name)
        with override_settings(SITE_ROOT=Path(folder, "fresh")):
            breaking_off.bake_from_nothing(now=self.now)
            fresh = files_in(live.site().tree.root)
            assert moves_in(live.site().tree) == moves
        assert made.keys() == fresh.keys()
        assert [path for path in made if made[path] != fresh[path]] == []

    def teardown(self):
        try:
            self.the_tree_is_what_a_full_bake_makes()
        finally:
            self.short.stop()
            self.home.disable()
            self.folder.cleanup()
            transaction.set_rollback(True)
            self.run.__exit__(None, None, None)


@pytest.mark.django_db
def test_after_any_editing_the_live_tree_is_what_a_full_bake_makes():
    run_state_machine_as_test(
        LawOfTheEditions,
        settings=settings(
            max_examples=int(os.environ.get("LAW_EXAMPLES", "10")),
            phases=[Phase.generate],
            stateful_step_count=10,
            suppress_health_check=list(HealthCheck),
        ),
    )
