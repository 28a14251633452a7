"""What is taken away goes first, with its words wherever else they stand."""

import pytest

from tamizdat.editions import baking, hiding, live, rows, taking_in
from tamizdat.editions.models import Change, KnownFact, Read, Watch
from tamizdat.stories.models import Author, Authors, Byline, Story
from tests.conftest import NOON
from tests.editions.breaking_off import interrupted_by
from tests.editions.conftest import add_story, files_in

pytestmark = pytest.mark.django_db

FEEDS = [f"{at}{name}" for at in ("", "harbour/") for name in ("feed.xml", "atom.xml", "feed.json")]


@pytest.fixture
def secret(site, section):
    """A story, in feeds and lists, and in what its author wrote; ten others link to it."""
    ana = Authors.objects.get(locale=section.locale).add_child(
        instance=Author(title="Ana", locale=section.locale)
    )
    story = add_story(section, "Secret", bylines=[Byline(author=ana)])
    link = f'<p><a linktype="page" id="{story.pk}">see there</a></p>'
    for number in range(10):
        other = add_story(section, f"Link {number}")
        other.body = [("paragraph", link)]
        other.save_revision().publish()
    baking.bake(now=NOON, workers=1)
    assert telling(site) >= {*FEEDS, "authors/ana/atom.xml", "index.html", "harbour/index.html"}
    return story


def telling(site):
    """The files of the tree that have the words of the secret."""
    words = (b"Secret, and why", b">Secret<")
    return {path for path, file in files_in(site).items() if any(w in file for w in words)}


def tell_of_much(site):
    """An import, say: more is told than an editor's request takes in."""
    rows.insert(Change, ("token",), [(f"document:{900_000 + n}",) for n in range(baking.MANY + 1)])


def test_the_words_of_what_is_unpublished_go_at_once_however_many_link_to_it(site, secret):
    secret.unpublish()
    baking.answer(now=NOON, at_once=1)

    assert telling(site) == set()
    assert all((site / path).exists() for path in FEEDS)


def test_they_go_at_once_however_much_else_was_told(site, secret):
    tell_of_much(site)
    secret.unpublish()
    left = baking.answer(now=NOON).left

    assert left > baking.MANY
    assert telling(site) == set()
    assert all((site / path).exists() for path in FEEDS)


def test_they_go_before_the_worker_takes_in_anything_else(site, secret, monkeypatch):
    monkeypatch.setattr(taking_in, "AT_ONCE", 10)
    tell_of_much(site)
    secret.unpublish()
    seen, real = [], taking_in.ask

    def look(changes, **options):
        if any(token.startswith("document:") for _pk, token in changes):
            seen.append(telling(site))
        return real(changes, **options)

    monkeypatch.setattr(taking_in, "ask", look)
    baking.catch_up(now=NOON, workers=1)
    assert seen
    assert not any(seen)


def test_a_feed_that_cannot_be_made_is_taken_away(site, secret, monkeypatch):
    secret.unpublish()
    monkeypatch.setattr(baking, "_make_first", lambda *_args, **_options: None)
    monkeypatch.setattr(baking, "MANY", -1)
    baking.answer(now=NOON)

    assert not any((site / path).exists() for path in [*FEEDS, "authors/ana/atom.xml"])


def test_a_feed_whose_trace_is_not_known_is_taken_away_too(site, secret):
    for model in (KnownFact, Watch, Read):
        model.objects.all()._raw_delete("default")
    secret.unpublish()
    baking.answer(now=NOON)

    assert not telling(site) & {*FEEDS, "authors/ana/atom.xml"}


def test_lists_are_made_first_also_where_what_they_show_instead_is_news(site, secret):
    tell_of_much(site)
    Story.objects.filter(title="Link 9").update(title="Salt")
    secret.unpublish()
    baking.answer(now=NOON)

    assert telling(site) == set()
    assert "Salt" in (site / "harbour/index.html").read_text()


def test_what_another_had_in_hand_does_not_bring_it_back(site, secret):
    """A worker made these pages before the story was unpublished, and keeps them after."""
    Story.objects.filter(pk=secret.pk).update(kicker="Tide")

    def unpublish():
        Story.objects.get(pk=secret.pk).unpublish()
        tell_of_much(site)
        baking.answer(now=NOON)
        assert telling(site) == set()

    with interrupted_by(unpublish):
        baking.catch_up(now=NOON, workers=1)
    assert telling(site) == set()
    assert not [e for e in live.site().tree.paths() if e.startswith("harbour/secret")]


def test_more_than_can_be_made_at_once_is_left_to_the_worker(site, secret, monkeypatch):
    monkeypatch.setattr(hiding, "MADE_FIRST", 2)
    secret.unpublish()
    baking.answer(now=NOON, at_once=0)
    feeds = [*FEEDS, "authors/ana/atom.xml"]

    assert not telling(site).intersection(feeds)
    assert not all((site / path).exists() for path in feeds)
    baking.catch_up(now=NOON, workers=1)
    assert telling(site) == set()
    assert all((site / path).exists() for path in FEEDS)


def test_it_goes_before_everything_is_made_anew(site, secret):
    def look(_done, _of):
        assert not (site / "harbour/secret").exists()
        looked.append(telling(site) & {*FEEDS, "authors/ana/atom.xml"})

    looked = []
    secret.unpublish()
    baking.bake(now=NOON, workers=1, watch=look)
    assert looked
    assert not any(looked)
