"""The desk's preview: a draft shown by the same facts and templates that bake it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.models import Page

from tamizdat.appeals.previewing import previewed
from tamizdat.editions.tracing import Memory, tracing
from tamizdat.stories.models import Story
from tamizdat.stories.presenting import present_with
from tamizdat.theme import pages
from tamizdat.theme.facts.places import COLUMNS
from tamizdat.theme.facts.sheets import OWN, sheet_of
from tamizdat.theme.facts.stories import CARD, STORY, Fix, Note, whole_of


@present_with
def preview(page: Page, request: HttpRequest) -> HttpResponse:
    """The page as it would be baked now, with what a reader sees of `request.previewed_message`."""
    memory = Memory()
    memory.assume(("private_paths",), ())  # at the desk a private page is shown
    message = getattr(request, "previewed_message", None)
    asked = message and previewed(message, request.previewed_as, page=page, now=timezone.now())  # type: ignore[attr-defined]
    extra = {"previewed": asked}
    with tracing(memory):
        return HttpResponse(_story(page, extra) if isinstance(page, Story) else _sheet(page, extra))


def _story(page: Story, extra: dict[str, Any]) -> bytes:
    row = _row(page, *CARD, *STORY) | {
        "parent": page.get_parent().pk,
        "authors": [byline.author_id for byline in page.bylines.all()],
        "topics": [each.topic_id for each in page.story_topics.all()],
        "picks": [pick.story_id for pick in page.read_more_picks.all()],
        "kept": list(page.read_more_kept.order_by("position").values_list("story_id", flat=True))
        if page.pk
        else [],
        "corrections": [Fix(each.corrected_on, each.text) for each in page.corrections.all()],
        "change_notes": [Note(each.noted_on, each.text) for each in page.change_notes.all()],
    }
    whole = whole_of(row)
    assert whole, "what is live and public has a place"  # noqa: S101 we have just said so
    return pages.render("stories/story.html", whole.place, pages.story_context(whole) | extra)


def _sheet(page: Page, extra: dict[str, Any]) -> bytes:
    shown = sheet_of(_row(page, "seo_title", "search_description", *OWN.get(type(page), ())))
    assert shown, "what is live and public has a place"  # noqa: S101 we have just said so
    template, context_of = pages.SHOWN[shown.place.kind]
    return pages.render(template, shown.place, {"page": shown, **context_of(page.pk or 0), **extra})


def _row(page: Page, *columns: str) -> dict[str, Any]:
    row = {name: getattr(page, name) for name in (*COLUMNS, *columns)}
    same = page.get_translations().values_list("pk", flat=True) if page.pk else ()
    return row | {"live": True, "translations": list(same)}
