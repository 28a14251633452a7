"""What one newsletter brings, and how far it has gone out."""

from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import Locale, Orderable, PreviewableMixin

from tamizdat.newsletters.presenting import HTML, TEXT, present

_INTRO = ["bold", "italic", "link"]


class IssueQuerySet(models.QuerySet["Issue"]):
    def due(self, *, now: datetime) -> Self:
        """Those that are to begin."""
        return self.filter(state=Issue.State.DUE, send_at__lte=now).order_by("send_at", "pk")

    def out(self) -> Self:
        return self.filter(state=Issue.State.OUT).order_by("set_out_at", "pk")


class Issue(PreviewableMixin, ClusterableModel):
    """Stories in an order, with a few words before them, for the subscribers of one language."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        DUE = "due", "Waits for its hour"
        OUT = "out", "Is going out"
        SENT = "sent", "Sent"
        STOPPED = "stopped", "Stopped half-way"

    CAME_FROM = {
        State.DRAFT: [State.DUE],
        State.DUE: [State.DRAFT],
        State.OUT: [State.DUE],
        State.SENT: [State.OUT],
        State.STOPPED: [State.OUT],
    }

    locale = models.ForeignKey(Locale, models.PROTECT, verbose_name="language")
    subject = models.CharField(
        "subject",
        max_length=120,
        help_text="What stands in a mailbox. About 50 letters are seen on a telephone.",
    )
    intro = RichTextField(
        "words before the stories", blank=True, features=_INTRO, help_text="May be empty."
    )
    asks = models.BooleanField(
        "with a message that asks for support",
        default=True,
        help_text="After the last story. An issue with a sensitive story has none, whatever you "
        "choose.",
    )
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT, editable=False)
    send_at = models.DateTimeField(null=True, editable=False)
    set_out_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    # As it went out: a story that is changed meanwhile changes nothing here.
    html = models.TextField(blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)
    # How many, once it has ended: who got it is not kept.
    taken_count = models.PositiveIntegerField(default=0, editable=False)
    refused_count = models.PositiveIntegerField(default=0, editable=False)
    doubtful_count = models.PositiveIntegerField(default=0, editable=False)
    not_before = models.DateTimeField(
        null=True, editable=False
    )  # the mail server is to be left alone

    objects = IssueQuerySet.as_manager()

    panels = [
        FieldPanel("locale"),
        FieldPanel("subject"),
        FieldPanel("intro"),
        InlinePanel("picks", heading="Stories", label="story", min_num=1),
        FieldPanel("asks"),
    ]

    class Meta:
        verbose_name = "newsletter"
        permissions = [("send_issue", "Can send a newsletter to its subscribers")]
        constraints = [
            models.CheckConstraint(
                name="issue_state_is_one_of_ours",
                condition=Q(state__in=["draft", "due", "out", "sent", "stopped"]),
            ),
            models.CheckConstraint(
                name="issue_knows_its_hour_once_it_is_due",
                condition=Q(state="draft") | Q(send_at__isnull=False),
            ),
            models.CheckConstraint(
                name="issue_is_whole_once_it_is_out",
                condition=Q(state__in=["draft", "due"])
                | (Q(set_out_at__isnull=False) & ~Q(html="") & ~Q(text="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.locale.language_code})"

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def clean(self) -> None:
        super().clean()
        if not self.is_draft:
            raise ValidationError("It is on its way or has gone. What was sent stays as it is.")

    def move_to(self, state: str, **fields: object) -> bool:
        """False, and nothing is changed, if it was somewhere else: of two here, one wins."""
        rows = Issue.objects.filter(pk=self.pk, state__in=self.CAME_FROM[self.State(state)])
        has_moved = bool(rows.update(state=state, **fields))
        self.refresh_from_db()
        return has_moved

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [(HTML, "HTML"), (TEXT, "Plain text")]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:  # noqa: ARG002
        return present(self, mode_name)


class IssueStory(Orderable):
    """A story that the desk picked."""

    of = ParentalKey(Issue, related_name="picks")
    story = models.ForeignKey("stories.Story", models.CASCADE, related_name="+")

    panels: list[Any] = [PageChooserPanel("story", "stories.Story")]
