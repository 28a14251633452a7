from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
    TitleFieldPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

from tamizdat.stories.blocks import WITHOUT_WORDS, Body
from tamizdat.stories.desk_panels import LeaksPanel
from tamizdat.stories.indexes import PARENT
from tamizdat.stories.models.page import SitePage
from tamizdat.stories.models.picture import Picture


class StoryForm(WagtailAdminPageForm):
    def clean(self) -> Any:
        """A story is not published while its lead picture says nothing to the blind."""
        values = super().clean()
        picture = values.get("lead_picture")
        says = picture and picture.in_words(values.get("lead_alt", ""))
        if picture and not says and not self.is_deferred_validation:
            self.add_error("lead_alt", WITHOUT_WORDS)
        return values


class Story(SitePage):
    """One story in one language. Its headline is the page's title."""

    READ_MORE = 3

    kicker = models.CharField(
        _("kicker"),
        max_length=60,
        blank=True,
        help_text=_("The word above the headline. Empty: the section."),
    )
    standfirst = models.TextField(_("standfirst"), blank=True)
    lead_picture = models.ForeignKey(
        Picture,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead picture"),
    )
    lead_alt = models.CharField(
        _("what it shows"),
        max_length=400,
        blank=True,
        help_text=_("Read to those who cannot see it. Empty: the picture's own description."),
    )
    lead_caption = models.CharField(_("caption"), max_length=400, blank=True)
    lead_credit = models.CharField(
        _("credit"), max_length=120, blank=True, help_text=_("Empty: the picture's own.")
    )
    body = StreamField(Body(), blank=True)
    revised_at = models.DateTimeField(
        _("updated"),
        null=True,
        blank=True,
        help_text=_("Set it when the story says something new."),
    )
    is_sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("About death or grief: no ask at its end.")
    )

    parent_page_types = ["stories.Section"]
    subpage_types: list[str] = []
    base_form_class = StoryForm
    content_panels = [
        LeaksPanel(),
        TitleFieldPanel("title", heading=_("Headline")),
        FieldPanel("kicker"),
        FieldPanel("standfirst"),
        InlinePanel("bylines", label=_("byline")),
        MultiFieldPanel(
            [
                FieldPanel("lead_picture"),
                FieldPanel("lead_alt"),
                FieldPanel("lead_caption"),
                FieldPanel("lead_credit"),
            ],
            heading=_("Lead picture"),
        ),
        FieldPanel("body"),
        InlinePanel("story_topics", label=_("topic")),
        InlinePanel("read_more_picks", label=_("read more"), max_num=READ_MORE),
        InlinePanel("corrections", label=_("correction")),
        InlinePanel("change_notes", label=_("change note")),
        FieldPanel("revised_at"),
    ]
    promote_panels = [*SitePage.promote_panels, FieldPanel("is_sensitive")]

    def keep_read_more(self) -> None:
        """Choose once what follows this story, by shared topics, then by recency.

        Were it chosen again at each publish, the whole archive would have to be baked anew.
        """
        if self.read_more_kept.exists():
            return
        others = Page.objects.type(Story).live().filter(locale=self.locale).exclude(pk=self.pk)
        newest = others.order_by("-first_published_at", "-pk")
        topics = StoryTopic.objects.filter(topic__in=self.story_topics.values("topic"))
        above = RawSQL(PARENT, ())  # noqa: S611 our own words
        beside = newest.annotate(above=above).filter(above=self.path[: -self.steplen])
        found: list[int] = []
        for pages in (newest.filter(pk__in=topics.values("of")), beside, newest):
            wanted = pages.exclude(pk__in=found).values_list("pk", flat=True)
            found += wanted[: self.READ_MORE - len(found)]
        KeptReadMore.objects.bulk_create(
            KeptReadMore(of=self, story_id=pk, position=i) for i, pk in enumerate(found)
        )


class Byline(Orderable):
    of = ParentalKey(Story, related_name="bylines")
    author = models.ForeignKey("stories.Author", models.CASCADE, related_name="bylines")

    panels = [PageChooserPanel("author", "stories.Author")]


class StoryTopic(Orderable):
    of = ParentalKey(Story, related_name="story_topics")
    topic = models.ForeignKey("stories.Topic", models.CASCADE, related_name="story_topics")

    panels = [PageChooserPanel("topic", "stories.Topic")]


class ReadMorePick(Orderable):
    """A story that the desk chose to follow another."""

    of = ParentalKey(Story, related_name="read_more_picks")
    story = models.ForeignKey(Story, models.CASCADE, related_name="+")

    panels = [PageChooserPanel("story", "stories.Story")]


class KeptReadMore(models.Model):
    """A story chosen at publishing to follow another. No draft or revision touches it."""

    of = models.ForeignKey(Story, models.CASCADE, related_name="read_more_kept")
    story = models.ForeignKey(Story, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "story"], name="read_more_kept_once")]

    def __str__(self) -> str:
        return f"{self.of} → {self.story}"


class Correction(Orderable):
    """What we got wrong, said in public and never taken away."""

    of = ParentalKey(Story, related_name="corrections")
    corrected_on = models.DateField(_("day"))
    text = models.TextField(_("what was wrong and what is right"))

    panels = [FieldPanel("corrected_on"), FieldPanel("text")]


class ChangeNote(Orderable):
    """What a story says that it did not at first, and that was no mistake."""

    of = ParentalKey(Story, related_name="change_notes")
    noted_on = models.DateField(_("day"))
    text = models.TextField(_("what is new"), help_text=_("An error is a correction instead."))

    panels = [FieldPanel("noted_on"), FieldPanel("text")]
