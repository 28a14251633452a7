"""The generated archive: whole, the same every time, and as heavy as prose."""

import brotli
import pytest
from wagtail.models import Page, Revision

from tamizdat.demo.archive import filling, planting
from tamizdat.demo.archive.outlines import Size, chance_of, outlines
from tamizdat.demo.archive.prose import voice
from tamizdat.demo.newsroom import hang
from tamizdat.stories.models import Correction, KeptReadMore, Picture, Story, Topic
from tests.demo.conftest import quietly
from tests.theme.site import PROSE, drawing

COUNT = 120


@pytest.fixture
def pictured(newsroom, settings, tmp_path):
    """A newsroom whose pictures are hung already: to draw them takes a while."""
    settings.MEDIA_ROOT = tmp_path
    small = drawing(size=(160, 100)).file.getvalue()
    for name in filling.PICTURES:
        hang(name, small)


@pytest.fixture
def archive(pictured):
    filling.fill(stories=COUNT, progress=quietly)


@pytest.mark.usefixtures("archive")
def test_an_archive_is_a_sound_tree_of_live_stories_in_two_languages():
    assert not any(Page.find_problems())
    languages = Story.objects.live().values_list("locale__language_code", flat=True)
    assert sorted(languages) == ["en"] * (COUNT // 2) + ["ru"] * (COUNT // 2)
    assert not Revision.objects.exists()
    assert Picture.objects.count() == len(filling.PICTURES)
    assert Story.objects.exclude(lead_picture=None).count() == COUNT // filling.EACH_PICTURED
    assert Correction.objects.exists()
    assert all(
        story.bylines.exists() and 2 <= story.story_topics.count() <= 4
        for story in Story.objects.all()
    )


@pytest.mark.usefixtures("archive")
def test_what_follows_a_story_is_what_publishing_would_have_kept():
    story = Story.objects.order_by("pk").last()
    rows = KeptReadMore.objects.filter(of=story).order_by("position")
    kept = list(rows.values_list("story", flat=True))
    rows.delete()

    story.keep_read_more()

    assert list(rows.values_list("story", flat=True)) == kept


@pytest.mark.usefixtures("archive")
def test_a_generated_story_can_be_read_linked_and_published_again(client):
    newest = Story.objects.order_by("-pk")
    story = next(page for page in newest if 'linktype="page"' in repr(list(page.body.raw_data)))
    html = client.get(story.url).content.decode()
    assert story.title in html

    story.save_revision().publish()

    assert client.get(story.url).content.decode().count("<a ") == html.count("<a ")


@pytest.mark.usefixtures("archive")
def test_the_desk_adds_a_page_after_those_written_in_bulk():
    topics = Topic.objects.first().get_parent()

    topics.add_child(instance=Topic(title="New", slug="new", locale=topics.locale))

    assert not any(Page.find_problems())


def test_cut_off_it_goes_on_and_writes_the_same_stories(pictured):
    def cut_off(steps, *_, description):
        yield from list(steps)[:1] if description.startswith("Writing") else steps

    filling.fill(stories=COUNT, progress=cut_off)
    assert Story.objects.count() == filling.BATCH
    filling.fill(stories=COUNT, progress=quietly)
    filling.fill(stories=COUNT, progress=quietly)

    drawn = [draft.number for draft in outlines(Size(COUNT), languages=["en", "ru"])]
    slugs = Story.objects.order_by("pk").values_list("slug", flat=True)
    assert [int(slug.rsplit("-", 1)[1]) for slug in slugs] == drawn


@pytest.mark.usefixtures("archive")
def test_stories_of_others_are_left_alone():
    with pytest.raises(filling.NotOurs, match="holds 120 stories that are not"):
        filling.fill(stories=COUNT + 1, progress=quietly)


@pytest.mark.parametrize("language", filling.LANGUAGES)
def test_the_prose_weighs_what_prose_weighs(language):
    real = (PROSE / f"{language}.txt").read_text()
    chance = chance_of(7, size=Size(COUNT))
    made = "\n\n".join(" ".join(chance.sample(voice(language).sentences, 70)) for _ in "1")

    assert ratio(made) == pytest.approx(ratio(real), rel=0.15)


def ratio(text):
    return len(text.encode()) / len(brotli.compress(text.encode(), quality=5))


def test_planting_counts_the_children(newsroom):
    parent = Page.objects.get(slug="topics", depth=3, locale__language_code="en")
    planting.plant([Topic(title="A", slug="a", locale=parent.locale)], under=[parent])

    assert Page.objects.get(pk=parent.pk).numchild == 1
