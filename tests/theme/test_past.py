"""Months and years that are over, and what was wrong in them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from tamizdat.editions import baking
from tamizdat.editions.models import Baked
from tamizdat.lib.dates import span_in_words
from tamizdat.stories.models import ChangeNote, Correction, Story
from tamizdat.theme.facts import lists
from tests.baked import baked
from tests.conftest import NOON
from tests.editions.conftest import add_section, add_story, files_in, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(site, newsroom):
    """Thirty-three stories of a section, eleven in each of September, October and December."""
    section = add_section("Порт", "ru")
    for month in (9, 10, 12):
        for day in range(1, 12):
            story = Story(title=f"Story {month}-{day}", locale=section.locale)
            story.first_published_at = datetime(2025, month, day, tzinfo=UTC)
            section.add_child(instance=story)
    baking.bake(now=NOON, workers=1)
    return section


def test_an_editor_does_not_wait_for_archives_unless_words_are_taken_back(site, archive):
    story = Story.objects.get(title="Story 10-5")
    Story.objects.filter(pk=story.pk).update(title="Renamed")
    baking.answer(now=later(1))
    assert "Renamed" not in (site / "ru/порт/2025/10/index.html").read_text()

    Story.objects.get(pk=story.pk).unpublish()
    baking.answer(now=later(2))
    assert "Story 10-5" not in (site / "ru/порт/2025/10/index.html").read_text()


def page(site, path):
    return html.fromstring((site / path / "index.html").read_bytes())


@pytest.mark.parametrize(
    ("language", "month", "year"),
    [
        ("en", "March 2026", "2026"),
        ("ru", "март 2026", "2026"),
        ("fa", "مارس ۲۰۲۶ (اسفند–فروردین)", "۲۰۲۶ (۱۴۰۴–۱۴۰۵)"),
    ],
)
def test_a_month_is_said_in_the_readers_words(language, month, year):
    assert span_in_words(2026, 3, language) == month
    assert span_in_words(2026, 0, language) == year


def test_a_month_has_its_stories_and_leads_to_its_neighbours_that_have_some(site, archive):
    month = page(site, "ru/порт/2025/10")

    assert month.xpath("string(//h1)") == "октябрь 2025"
    assert len(month.xpath("//ol[@class='stories']/li")) == 11
    assert month.xpath("//a[@rel='prev']/@href") == ["/ru/порт/2025/09/"]
    assert month.xpath("//a[@rel='next']/@href") == ["/ru/порт/2025/12/"]
    assert month.xpath("//link[@rel='canonical']/@href") == ["/ru/порт/2025/10/"]


def test_a_section_leads_to_all_its_months(site, archive):
    links = page(site, "ru/порт").xpath("//nav[@class='archive']//a")

    assert [link.text for link in links] == ["дек.", "окт.", "сент."]
    for link in links:
        assert (site / link.get("href").strip("/") / "index.html").is_file()


def test_months_go_when_the_page_of_the_newest_shows_them_all(site, archive):
    for day in (9, 10, 11):
        Story.objects.get(title=f"Story 12-{day}").unpublish()
        baking.catch_up(now=later(day), workers=1)
    mended = files_in(site)
    baking.bake(now=later(12), workers=1)

    assert not (site / "ru/порт/2025").exists()
    assert mended == files_in(site)


NIGHT = timedelta(hours=2)  # before and after midnight another month begins, in UTC or here


@pytest.mark.parametrize("zone", ["Europe/Riga", "America/Caracas", "UTC"])
def test_months_are_those_of_the_outlets_own_zone(site, archive, settings, zone):
    settings.TIME_ZONE = zone
    edges = [datetime(2025, month, 1, tzinfo=UTC) for month in (3, 5, 8)]
    for moment in [each + by for each in edges for by in (-NIGHT, NIGHT)]:
        pk = add_story(archive, f"Story at {moment:%m-%d}").pk
        Story.objects.filter(pk=pk).update(first_published_at=moment)
    moments = Story.objects.live().values_list("first_published_at", flat=True)
    local = {moment.astimezone(ZoneInfo(zone)) for moment in moments}
    spans = [(y, m) for y, months in lists.years(archive.pk) for m in months]

    assert spans == sorted({(at.year, at.month) for at in local}, reverse=True)
    assert all(lists.published_in(archive.pk, *span) for span in spans)
    assert sum(len(lists.published_in(archive.pk, *span)) for span in spans) == len(moments)


def test_a_new_story_leaves_the_months_before_alone(site, archive):
    add_story(archive, "News")
    Story.objects.filter(title="News").update(first_published_at=later(1))
    baking.catch_up(now=later(2), workers=1)
    remade = set(Baked.objects.filter(baked_at=later(2)).values_list("key", flat=True))

    assert f"past({archive.pk}, 2025, 10)" not in remade
    assert f"past({archive.pk}, 2026, 11)" in remade


def correct(story, day, text):
    story.corrections.add(Correction(corrected_on=day, text=text))
    story.save_revision().publish()


def test_corrections_are_on_one_page_newest_first(site, newsroom):
    harbour = add_section()
    first, second = add_story(harbour, "Cranes"), add_story(harbour, "Fog")
    correct(first, date(2025, 3, 1), "It was six.")
    correct(second, date(2026, 2, 1), "It was seven.")
    baking.bake(now=NOON, workers=1)
    said = page(site, "corrections").xpath("//ol/li//p/text()")

    assert said == ["It was seven.", "It was six."]
    assert page(site, "ru/corrections").xpath("//ol/li//a") == []
    assert page(site, "corrections").xpath("//ol//a/@href") == [second.url, first.url]


def test_a_correction_of_a_story_that_is_taken_away_goes_with_it(site, newsroom):
    story = add_story(add_section(), "Cranes")
    correct(story, date(2026, 2, 1), "It was seven.")
    baking.bake(now=NOON, workers=1)
    story.unpublish()
    baking.catch_up(now=later(1), workers=1)

    assert page(site, "corrections").xpath("//ol/li//a") == []


def test_many_corrections_get_a_page_for_each_older_year(site, newsroom):
    story = add_story(add_section(), "Cranes")
    for year in (2024, 2025, 2026):
        for day in range(1, 31):
            story.corrections.add(Correction(corrected_on=date(year, 1, day), text=f"{day}."))
    story.save_revision().publish()
    baking.bake(now=NOON, workers=1)

    assert len(page(site, "corrections").xpath("//ol/li")) == 30
    assert page(site, "corrections").xpath("//nav[@class='archive']//a/@href") == [
        "/corrections/2025/",
        "/corrections/2024/",
    ]
    assert page(site, "corrections/2024").xpath("string(//h1)") == "2024"


def test_a_change_note_is_in_the_story_and_is_no_correction(site, newsroom):
    story = add_story(add_section(), "Cranes")
    story.change_notes = [ChangeNote(noted_on=NOON.date(), text="The ministry answered.")]
    story.save_revision().publish()
    baking.bake(now=NOON + timedelta(days=1), workers=1)

    assert b"<b>Changed, " in baked(story)
    assert b"The ministry answered." in baked(story)
    assert page(site, "corrections").xpath("//ol/li//a") == []
