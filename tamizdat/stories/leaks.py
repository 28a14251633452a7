"""What publishing a page would give away: warnings for its editor, who decides."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.fields import StreamField
from wagtail.models import Page

from tamizdat.stories.metadata import told_by

_HREF = re.compile(r'href=\\?"([^"\\?#]*)')


def leaks(page: Page) -> list[str]:
    """In the editor's words, each once. `page` may be a draft; nothing is written."""
    return list(dict.fromkeys([*_by_links(page), *_by_documents(page), *_by_read_more(page)]))


def _by_links(page: Page) -> Iterator[str]:
    named = _named_in(page, Page) | _addressed_in(page)
    linked = Page.objects.filter(pk__in=named).order_by("pk")
    for other in linked:
        if other.get_view_restrictions().exists():
            yield _("It links to “%s”, which is private.") % other.title
        elif not other.live:
            yield _unpublished(_("It links to “%s”, which is not published."), other)


def _by_read_more(page: Page) -> Iterator[str]:
    picks = page.read_more_picks.all() if hasattr(page, "read_more_picks") else []
    for pick in picks:
        if not pick.story.live:
            says = _("Read more names “%s”, which is not published: readers do not see it yet.")
            yield _unpublished(says, pick.story)


def _unpublished(says: str, other: Page) -> str:
    says %= other.title
    if other.go_live_at:
        day = f"{other.go_live_at:%Y-%m-%d %H:%M} UTC"
        also = _("It goes out on %s; until then its address in the link tells what it is about.")
        says += f" {also % day}"
    return says


def _by_documents(page: Page) -> Iterator[str]:
    model = get_document_model()
    for document in model.objects.filter(pk__in=_named_in(page, model)).order_by("pk"):
        if document.collection.get_view_restrictions().exists():
            yield _("The document “%s” is private: readers get no file.") % document.title
        elif told := _told_by(document):
            says = _(
                "The document “%(title)s” tells of “%(what)s”. Save it without, upload it anew."
            )
            yield says % {"title": document.title, "what": ", ".join(told)}


def _told_by(document: AbstractDocument) -> list[str]:
    try:
        with document.open_file() as file:
            return told_by(file)
    except OSError:
        return [_("nothing, for its file is missing")]


def _addressed_in(page: Page) -> set[int]:
    """The pages of ours that its blocks link to by writing their addresses."""
    addresses = {
        unquote(address.removeprefix(settings.SITE_ADDRESS))
        for _field, value in _blocks_of(page)
        for address in _HREF.findall(json.dumps(value.get_prep_value(), ensure_ascii=False))
    }
    by_slug: dict[str, set[str]] = {}
    for address in addresses:
        by_slug.setdefault(address.strip("/").rpartition("/")[2], set()).add(address.strip("/"))
    found = Page.objects.filter(slug__in=by_slug)
    return {each.pk for each in found if (each.url or "").strip("/") in by_slug[each.slug]}


def _named_in(page: Page, model: type[Any]) -> set[int]:
    """The rows of `model` that the page's blocks name."""
    return {
        int(pk)
        for field, value in _blocks_of(page)
        for named, pk, *_path in field.extract_references(value)
        if issubclass(named, model)
    }


def _blocks_of(page: Page) -> Iterator[tuple[StreamField, StreamValue]]:
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            yield field, getattr(page, field.name)
