"""What the outlet says when it asks, in one place and one language."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale, Page, PreviewableMixin

from tamizdat.outlet.models import Masthead

MOST_BANNER_LETTERS = 33  # measured: two lines beside a Russian button, 360 px wide
_NAMES = re.compile(r"\{(\w*)\}")


class MessageQuerySet(models.QuerySet["Message"]):
    def live(self, placement: str, *, language: str) -> "Message | None":
        """The one that readers of `language` see there now, if any."""
        return self.filter(placement=placement, locale__language_code=language, is_on=True).first()


class Message(PreviewableMixin, models.Model):
    """Its words may say {outlet}, and the button of an ask must say {amount}."""

    class Placement(models.TextChoices):
        BANNER = "banner", "Banner at the top"
        ASK = "ask", "Ask at the end of a story"

    placement = models.CharField("where", max_length=10, choices=Placement)
    locale = models.ForeignKey(Locale, models.PROTECT, verbose_name="language")
    headline = models.CharField(
        "headline", max_length=120, blank=True, help_text="A banner has none."
    )
    text = models.TextField(
        "text",
        help_text=(
            "A banner: about 30 letters, so that it fits two lines on a telephone. "
            "{outlet} becomes the name of the outlet."
        ),
    )
    button = models.CharField(
        "button",
        max_length=60,
        help_text="In an ask it must hold {amount}: Give {amount} a month.",
    )
    note = models.CharField(
        "line under the button", max_length=200, blank=True, help_text="A banner has none."
    )
    is_on = models.BooleanField(
        "on",
        default=True,
        help_text="One message at a time can be on in each place and language.",
    )

    objects = MessageQuerySet.as_manager()

    panels = [
        FieldPanel("placement"),
        FieldPanel("locale"),
        FieldPanel("headline"),
        FieldPanel("text"),
        FieldPanel("button"),
        FieldPanel("note"),
        FieldPanel("is_on"),
    ]

    class Meta:
        verbose_name = "message"
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "locale"],
                condition=models.Q(is_on=True),
                name="message_one_on_per_place_and_language",
                violation_error_message=(
                    "Another message is on in this place and language. Turn it off first."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_placement_display()} ({self.locale.language_code})"

    def clean(self) -> None:
        super().clean()
        problems: dict[str, Any] = {}
        is_ask = self.placement == self.Placement.ASK
        for field in ("headline", "text", "button", "note"):
            allowed = {"outlet", "amount"} if is_ask and field == "button" else {"outlet"}
            if strange := set(_NAMES.findall(getattr(self, field))) - allowed:
                problems[field] = f"Nothing is known as {{{strange.pop()}}}."
        if is_ask and not self.headline:
            problems["headline"] = "An ask needs a headline."
        if is_ask and "{amount}" not in self.button:
            problems["button"] = "The button of an ask must say {amount}."
        if problems:
            raise ValidationError(problems)

    @property
    def is_long_for_a_telephone(self) -> bool:
        """Whether a banner takes more than two lines of a small screen."""
        outlet = Masthead.objects.speaking(self.locale.language_code).name
        words = fill(self.text, outlet=outlet)
        return self.placement == self.Placement.BANNER and len(words) > MOST_BANNER_LETTERS

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page that readers see it on, with these words instead of the live ones."""
        request.previewed_message = self  # type: ignore[attr-defined]  # whoever shows pages looks
        answer: HttpResponse = self._page_that_shows_it().serve_preview(request, mode_name)
        return answer

    def _page_that_shows_it(self) -> Any:
        """The newest story that has an ask, or the front of a paper that has none yet.

        Stories are a sibling, so they are known here by name only.
        """
        live = Page.objects.live().filter(locale=self.locale).order_by("-first_published_at")
        newest = live.filter(content_type__model="story").specific()[:20]
        asking = (story for story in newest if not story.is_sensitive)
        return next(asking, None) or live.get(depth=2).specific


def fill(words: str, **names: str) -> str:
    """`fill("Support {outlet}!", outlet="The Lantern")`; other braces are left alone."""
    return _NAMES.sub(lambda match: names.get(match[1], match[0]), words)
