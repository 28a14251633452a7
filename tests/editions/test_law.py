"""The one law: what was baked bit by bit is what a full bake would have made."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.config import founding
from tamizdat.editions import baking
from tamizdat.outlet.models import Masthead
from tamizdat.stories.models import Author, Authors, Byline, Front, Story
from tests.conftest import NOON
from tests.editions.conftest import add_section, add_story, files_in

TITLES = ["Cranes fall silent", "Ferry late", "Fog", "Salt"]


def _publish(n):
    section = add_section("Tide") if n % 2 else Front.objects.first().sections().first()
    add_story(
        section or add_section("Quay"), TITLES[n], bylines=[Byline(author=Author.objects.get())]
    )


def _edit(story):
    story.title += " again"
    story.save_revision().publish()


def _rename(story):
    story.slug += "-new"
    story.save_revision().publish()


def _move(story):
    story.move(add_section("Market"), pos="last-child")


def _name_the_paper(story):
    Masthead.objects.update(name=story.title)  # an update sends no signal …
    baking.request(why="told")  # … so whoever makes it says so


ON_A_STORY = [_edit, _rename, _move, Story.unpublish, Story.delete, _name_the_paper]
STEPS = st.one_of(
    st.tuples(st.just(None), st.integers(0, 3)),
    st.tuples(st.sampled_from(ON_A_STORY), st.integers(0, 3)),
)


def _do(step, n):
    if step is None:
        _publish(n)
    elif stories := list(Story.objects.live().order_by("pk")):
        step(stories[n % len(stories)])


class LawTests(TestCase):
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(rounds=st.lists(st.lists(STEPS, min_size=1, max_size=3), min_size=1, max_size=3))
    def test_after_any_editing_the_live_tree_is_what_a_full_bake_makes(self, rounds):
        founding.found()
        authors = Authors.objects.get(locale__language_code="en")
        authors.add_child(instance=Author(title="Ana", locale=authors.locale))
        with tempfile.TemporaryDirectory() as folder, self.settings(SITE_ROOT=Path(folder, "live")):
            for days, steps in enumerate(rounds):
                for step, n in steps:
                    _do(step, n)
                    baking.answer()
                baking.catch_up(now=NOON + timedelta(days=days))
            with self.settings(SITE_ROOT=Path(folder, "fresh")):
                baking.bake(why="fresh", now=NOON)
            assert files_in(Path(folder, "live")) == files_in(Path(folder, "fresh"))
