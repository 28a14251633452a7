"""The pages above the stories: the front, its sections, and plain pages such as About."""

from itertools import islice
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable

from tamizdat.stories.blocks import Body
from tamizdat.stories.models.page import ListPage, SitePage
from tamizdat.stories.models.story import Story, StoryQuerySet


class Front(SitePage):
    """The first page of one language."""

    SECOND_RANK = 3
    PER_SECTION = 4
    MOST_RECENT = 10

    lead = models.ForeignKey(
        Story,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead story"),
        help_text=_("Empty: the newest."),
    )

    parent_page_types = ["wagtailcore.Page"]
    content_panels = [
        *SitePage.content_panels,
        PageChooserPanel("lead", "stories.Story"),
        InlinePanel("picks", max_num=SECOND_RANK, label=_("second rank")),
    ]

    def sections(self) -> models.QuerySet["Section"]:
        """The sections in the order the desk gave them."""
        return Section.objects.child_of(self).live()

    def menu(self) -> models.QuerySet["Section"]:
        """The sections that every page leads to and that have a column here."""
        return self.sections().filter(show_in_menus=True)

    def ranks(self) -> tuple[list[Story], list[Story]]:
        """The lead with the second rank, and the most recent of the others.

        What the desk chose comes first; gaps are filled with the newest stories.
        """
        chosen = [self.lead, *(pick.story for pick in self.picks.select_related("story"))]
        top = [story for story in chosen if story and story.live]
        newest = Story.objects.live().descendant_of(self).newest()
        others = (s for s in newest[: self.MOST_RECENT + len(top) + 4] if s not in top)
        top += islice(others, self.SECOND_RANK + 1 - len(top))
        return top, list(islice(others, self.MOST_RECENT))

    def columns(self, *, without: list[Story]) -> list[tuple["Section", list[Story]]]:
        """Each section of the menu with its newest stories, but those that stand higher here."""
        seen = {story.pk for story in without}
        stories = Story.objects.live().exclude(pk__in=seen).newest()
        menu = self.menu()
        columns = [(s, list(stories.descendant_of(s)[: self.PER_SECTION])) for s in menu]
        return [column for column in columns if column[1]]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        top, recent = self.ranks()
        return super().get_context(request, *args, **kwargs) | {
            "lead": top[0] if top else None,
            "second": top[1:],
            "recent": recent,
            "columns": self.columns(without=top),
        }


class FrontPick(Orderable):
    """A story that the desk put into the second rank."""

    front = ParentalKey(Front, related_name="picks")
    story = models.ForeignKey(Story, models.CASCADE, related_name="+")

    panels = [PageChooserPanel("story", "stories.Story")]


class Section(ListPage):
    """Harbour, Courts, Money: where a story lives."""

    show_in_menus_default = True

    parent_page_types = ["stories.Front"]
    subpage_types = ["stories.Story"]
    content_panels = [*ListPage.content_panels, FieldPanel("introduction")]

    def stories(self) -> StoryQuerySet:
        return Story.objects.live().descendant_of(self).newest()


class PlainPage(SitePage):
    """About us, how to reach us: a page that is no story."""

    body = StreamField(Body(), blank=True)

    parent_page_types = ["stories.Front", "stories.PlainPage"]
    subpage_types = ["stories.PlainPage"]
    content_panels = [*SitePage.content_panels, FieldPanel("body")]
