"""The pages above the stories: the front, its sections, and plain pages such as About."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable

from tamizdat.stories.blocks import Body
from tamizdat.stories.models.page import ListPage, SitePage
from tamizdat.stories.models.story import Story


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


class PlainPage(SitePage):
    """About us, how to reach us: a page that is no story."""

    body = StreamField(Body(), blank=True)

    parent_page_types = ["stories.Front", "stories.PlainPage"]
    subpage_types = ["stories.PlainPage"]
    content_panels = [*SitePage.content_panels, FieldPanel("body")]
