"""Many rows at once: the tree stays sound, a broken run goes on, a rehearsal leaves nothing."""

import random

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from wagtail.models import Page, ReferenceIndex

from tamizdat.stories.importing import archive, pages, quiet, survey, wxr
from tamizdat.stories.importing.report import Outcome
from tamizdat.stories.models import KeptReadMore, Section, Story
from tests.conftest import NOON
from tests.stories.importing_inputs import bring_in, by_itself, category, item, meta, png, wxr_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_small_batches(newsroom, monkeypatch, tmp_path, settings):
    monkeypatch.setattr(survey, "BATCH", 3)
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def export(tmp_path):
    """Twenty posts in two sections, with topics that overlap, links and a picture."""
    chance = random.Random(7)
    items = []
    for number in range(1, 21):
        extra = category(chance.choice(["sea", "land"]))
        for topic in chance.sample(["tides", "fog", "gulls", "mud"], chance.randint(0, 3)):
            extra += category(topic, "post_tag")
        link = f'<p>Look <a href="/?p={chance.randint(1, 20)}">there</a>.</p>'
        items.append(item(number, html=link, extra=extra + meta("_thumbnail_id", "99")))
    url = "<wp:attachment_url>https://old.example/wp-content/uploads/pier.png</wp:attachment_url>"
    items += [item(50, "page", slug="about"), item(99, "attachment", extra=url)]
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads/pier.png").write_bytes(png())
    path = tmp_path / "old.xml"
    path.write_text(wxr_text(*items))
    return path


def bring(path):
    return bring_in(path, uploads=path.parent / "uploads")


def everything():
    rows = {model._meta.label: model.objects.count() for model in apps.get_models()}
    return rows, [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


class PowerCut(Exception):
    pass


def test_the_tree_of_pages_has_no_problems(export, capsys):
    bring(export)
    assert all(not found for found in Page.find_problems())
    call_command("fixtree", interactive=False)
    assert "No problems found" in capsys.readouterr().out
    assert {section.numchild for section in Section.objects.all()} == {
        section.get_children().count() for section in Section.objects.all()
    }


_OWN = """id page_ptr title draft_title slug path url_path translation_key live body lead_picture
lead_alt first_published_at last_published_at latest_revision_created_at seo_title
search_description has_unpublished_changes"""
OWN = set(_OWN.split())


def test_a_page_made_as_a_row_is_what_add_child_would_make(export):
    bring(export)
    section = Section.objects.first()
    made = section.add_child(instance=Story(title="x", slug="x", locale=section.locale))
    added, row = Story.objects.get(pk=made.pk), Story.objects.exclude(pk=made.pk).last()
    same = [field.name for field in Story._meta.concrete_fields if field.name not in OWN]
    assert [getattr(row, name) for name in same] == [getattr(added, name) for name in same]
    assert row.specific_class is Story


def test_read_more_is_what_the_rule_chooses_for_each_story_as_it_goes_live(export):
    bring(export)
    kept = {s.pk: list(s.read_more_kept.order_by("position").values_list("story", flat=True))
            for s in Story.objects.all()}  # fmt: skip
    KeptReadMore.objects.all().delete()
    Story.objects.update(live=False)
    for story in Story.objects.order_by("first_published_at", "pk"):
        Page.objects.filter(pk=story.pk).update(live=True)
        story.keep_read_more()
    ruled = {s.pk: list(s.read_more_kept.order_by("position").values_list("story", flat=True))
             for s in Story.objects.all()}  # fmt: skip
    assert kept == ruled
    assert sum(map(len, kept.values())) > 40


def test_read_more_looks_at_what_was_here_before_as_well(export, tmp_path):
    bring(export)
    tags = category("tides", "post_tag") + category("mud", "post_tag")
    other = tmp_path / "other.xml"
    new = item(77, extra=category("sea") + tags)
    other.write_text(wxr_text(new).replace("old.example", "second.example"))
    bring_in(other)
    story = Story.objects.get(slug__startswith="post-77")
    kept = list(story.read_more_kept.order_by("position").values_list("story", flat=True))
    story.read_more_kept.all().delete()
    story.keep_read_more()
    assert kept == list(story.read_more_kept.order_by("position").values_list("story", flat=True))


def test_what_refers_to_what_is_what_wagtail_would_find(export):
    bring(export)
    shown = ("base_content_type", "object_id", "to_content_type", "to_object_id", "content_path")
    ours = set(ReferenceIndex.objects.values_list(*shown))
    ReferenceIndex.objects.all().delete()
    for story in Story.objects.all():
        ReferenceIndex.create_or_update_for_object(story)
    wagtails = set(ReferenceIndex.objects.values_list(*shown))
    assert wagtails
    assert wagtails <= ours


@pytest.mark.parametrize("at", [1, 2, 5, 9, 12])
def test_a_run_that_breaks_off_is_finished_by_the_next(export, monkeypatch, at):
    whole = quiet.index
    calls = []

    def cut(model, pks):
        calls.append(model)
        if len(calls) == at * 2:
            raise PowerCut
        whole(model, pks)

    monkeypatch.setattr(quiet, "index", cut)
    with pytest.raises(PowerCut):
        bring(export)
    monkeypatch.setattr(quiet, "index", whole)
    report = bring(export)
    assert report.outcomes("post")[Outcome.NEW] + report.outcomes("post")[Outcome.SAME] == 20
    assert Story.objects.live().count() == 20
    assert all(not found for found in Page.find_problems())
    assert not bring(export).changed_anything
    assert [path.name for path in everything()[1]] == ["pier.png"]


def test_what_broke_off_and_went_on_ends_like_what_came_in_one_go(export, monkeypatch):
    write = pages.Pages.write

    def cut(self, model, batch):
        if model is Story and Story.objects.live().count() >= 9:
            raise PowerCut
        return write(self, model, batch)

    monkeypatch.setattr(pages.Pages, "write", cut)
    with pytest.raises(PowerCut):
        bring(export)
    monkeypatch.setattr(pages.Pages, "write", write)
    bring(export)
    by_date = [*Story.objects.order_by("first_published_at", "pk")]
    assert [story.read_more_kept.count() for story in by_date] == [0, 1, 2] + [3] * 17


def test_a_rehearsal_says_what_would_be_done_and_writes_nothing(export):
    before = everything()
    options = {"uploads": export.parent / "uploads", "language": "en", "now": NOON}
    rehearsed = archive.rehearse(wxr.read(export), **options, watch=by_itself)
    assert everything() == before
    report = bring(export)
    assert rehearsed.counts == report.counts
    assert [(i.source, i.outcome, i.address) for i in rehearsed.items] == [
        (i.source, i.outcome, i.address) for i in report.items
    ]


def test_a_thousand_untitled_posts_get_a_thousand_slugs(tmp_path):
    path = tmp_path / "old.xml"
    path.write_text(wxr_text(*(item(number, slug="untitled") for number in range(1, 60))))
    bring_in(path)
    slugs = set(Story.objects.values_list("slug", flat=True))
    assert slugs == {"untitled"} | {f"untitled-{number}" for number in range(2, 60)}


def test_a_story_moves_with_its_section(tmp_path):
    path = tmp_path / "old.xml"
    for section in ("sea", "land"):
        path.write_text(wxr_text(item(1, extra=category(section)), item(2, extra=category("land"))))
        bring_in(path)
    assert Story.objects.get(slug="post-1").url == "/land/post-1/"
    assert all(not found for found in Page.find_problems())
    assert not bring_in(path).changed_anything
