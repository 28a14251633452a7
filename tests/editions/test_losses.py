"""What the disk loses comes back: from the tree, else from the database."""

import io
import os

import pytest
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect

from tamizdat.editions import baking, live, manifest, oven, releasing
from tamizdat.editions.models import Claim, Edition
from tamizdat.stories.models import Story
from tests.conftest import NOON
from tests.editions.conftest import add_picture, add_story, files_in
from tests.editions.losing import LOSSES, lose, object_of, some_objects

pytestmark = pytest.mark.django_db


@pytest.fixture
def baked(site, section, monkeypatch):
    """A site with a redirect, a picture and a deep manifest; what its tree holds."""
    monkeypatch.setattr(manifest, "LEAF", 4)
    story = add_story(section, lead_picture=add_picture())
    Redirect.add_redirect("/2019/03/cranes/", story)
    baking.bake(now=NOON, workers=1)
    return files_in(site)


def assert_nothing_is_lost(site, baked):
    assert files_in(site) == baked
    assert "/2019/03/cranes" in (site.parent / "site.redirects.json").read_text()
    assert releasing.examine(now=NOON).holds
    here = live.site()
    assert here.manifest.is_whole(here.root(), {})


@pytest.mark.parametrize("loss", LOSSES)
def test_the_next_bake_notices_the_loss_and_makes_the_very_tree_again(site, baked, loss):
    LOSSES[loss](site)
    baking.catch_up(now=NOON, workers=1)

    assert_nothing_is_lost(site, baked)


@pytest.mark.parametrize("lose", [some_objects, LOSSES["everything"]])
def test_baking_everything_heals_any_loss(site, baked, lose):
    lose(site)
    call_command("bake", all=True, workers=1, verbosity=0)

    assert_nothing_is_lost(site, baked)
    assert call_command("edition", "verify", stdout=io.StringIO()) is None


def edit(kicker):
    story = Story.objects.get()
    story.kicker = kicker
    story.save_revision().publish()
    baking.answer(now=NOON)


def test_what_an_edit_finds_lost_is_mended_on_the_way(site, baked):
    edit("Tide")
    nodes = list(live.site().manifest.nodes(live.site().root()))[1:]
    lose(object_of("harbour/index.html"), site / "harbour/index.html")
    lose(*[live.site().objects.file(name) for name in nodes])
    edit("")
    baking.catch_up(now=NOON, workers=1)

    assert nodes
    assert_nothing_is_lost(site, baked)


def test_what_was_made_and_lost_before_it_went_live_is_made_again(site, baked, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(live, "go_live", interrupted)
        with pytest.raises(KeyboardInterrupt):
            edit("Tide")
    claim = Claim.objects.get(path="harbour/cranes-fall-silent/index.html")
    lose(live.site().objects.file(claim.hash))
    baking.catch_up(now=NOON, workers=1)

    assert "Tide" in (site / "harbour/cranes-fall-silent/index.html").read_text()


def test_a_journal_that_leads_nowhere_any_more_is_left(site, baked, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(live, "_bring_about", interrupted)
        with pytest.raises(KeyboardInterrupt):
            edit("Tide")
    assert live.site().tree.beside("journal.json").exists()
    LOSSES["the store"](site)
    baking.catch_up(now=NOON, workers=1)

    assert "Tide" in (site / "harbour/cranes-fall-silent/index.html").read_text()
    assert releasing.examine(now=NOON).holds


def interrupted(*_args, **_options):
    raise KeyboardInterrupt


def test_after_a_loss_too_what_is_hidden_goes_first_and_the_rest_stays(site, baked, monkeypatch):
    LOSSES["the store"](site)
    Story.objects.get().unpublish()
    monkeypatch.setattr(baking.settling, "mend", interrupted)
    with pytest.raises(KeyboardInterrupt):
        baking.answer(now=NOON)

    assert not (site / "harbour/cranes-fall-silent/index.html").exists()
    assert (site / "harbour/index.html").exists()


def test_a_page_that_cannot_be_made_again_keeps_the_file_it_has(site, baked, monkeypatch):
    LOSSES["the store"](site)
    monkeypatch.setattr(oven.targets, "products_of", interrupted_page)
    assert baking.bake(now=NOON, workers=1).failed

    assert files_in(site) == baked


def interrupted_page(_key):
    raise ZeroDivisionError


def test_nobody_goes_back_to_an_edition_that_is_not_whole(site, baked):
    number = Edition.objects.latest().number
    Story.objects.update(kicker="Tide")
    baking.catch_up(now=NOON, workers=1)
    tide = files_in(site)
    was = Edition.objects.get(number=number).root
    page = live.site().manifest.get(was, "harbour/cranes-fall-silent/index.html")
    lose(live.site().objects.file(page.hash))

    with pytest.raises(CommandError, match="was lost"):
        call_command("edition", "rollback", str(number))
    assert files_in(site) == tide
    baking.bake(now=NOON, workers=1)
    assert not Edition.objects.get(number=number).root


def test_the_number_of_the_next_edition_is_higher_whatever_was_lost(site, baked):
    before = Edition.objects.latest().number
    LOSSES["everything"](site)
    baking.catch_up(now=NOON, workers=1)

    assert Edition.objects.latest().number > before
    assert os.path.exists(live.site().tree.beside("edition.json"))
