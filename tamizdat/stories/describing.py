"""Whether all pictures of a story say something to those who cannot see them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from tamizdat.stories.models import Story


def objections(pages: Iterable[Page]) -> list[str]:
    """In the editor's words, why the last drafts of these pages are not to be published."""
    says = _(
        "“%(story)s” is not published yet: its picture “%(picture)s” says nothing to those who "
        "cannot see it. Describe it in the story, or once for all at the picture."
    )
    return [
        says % {"story": page.title, "picture": title}
        for page in pages
        if issubclass(page.specific_class or Page, Story)
        for title in mute_pictures(page.get_latest_revision_as_object())
    ]


def mute_pictures(story: Story) -> list[str]:
    """The titles of its pictures that are described neither here nor at the picture itself."""
    lead = [{"picture": story.lead_picture, "alt": story.lead_alt}]
    shown = [each for each in (*lead, *_in_body(story)) if each["picture"]]
    mute = [each["picture"] for each in shown if not each["picture"].in_words(each["alt"])]
    return list(dict.fromkeys(picture.title for picture in mute))


def _in_body(story: Story) -> Iterator[Any]:
    for block in story.body:
        if block.block_type == "picture":
            yield block.value
        elif block.block_type == "gallery":
            yield from block.value["pictures"]
