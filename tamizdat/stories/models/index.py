"""Who wrote it and what it is about: authors, topics, and the pages that list them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from tamizdat.stories.models.page import ListPage, SitePage
from tamizdat.stories.models.picture import Picture


class IndexPage(SitePage):
    """Lists its live children by title."""

    class Meta:
        abstract = True


class Authors(IndexPage):
    max_count_per_parent = 1
    parent_page_types = ["stories.Front"]
    subpage_types = ["stories.Author"]


class Author(ListPage):
    """Someone who signs stories, by any name they choose. Not a user of the desk."""

    role = models.CharField(_("what they do"), max_length=120, blank=True)
    portrait = models.ForeignKey(Picture, models.SET_NULL, null=True, blank=True, related_name="+")

    parent_page_types = ["stories.Authors"]
    subpage_types: list[str] = []
    content_panels = [
        *ListPage.content_panels,
        FieldPanel("role"),
        FieldPanel("introduction"),
        FieldPanel("portrait"),
    ]


class Topics(IndexPage):
    max_count_per_parent = 1
    parent_page_types = ["stories.Front"]
    subpage_types = ["stories.Topic"]


class Topic(ListPage):
    """What a story is about, across sections."""

    parent_page_types = ["stories.Topics"]
    subpage_types: list[str] = []
    content_panels = [*ListPage.content_panels, FieldPanel("introduction")]
