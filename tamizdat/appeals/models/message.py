import re
from datetime import datetime
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.images import get_image_model_string
from wagtail.models import Locale, Page, PreviewableMixin

from tamizdat.appeals.models import readers
from tamizdat.appeals.models.asking import Asking
from tamizdat.appeals.models.campaign import Campaign
from tamizdat.appeals.models.conditions import CONDITIONS, Conditions
from tamizdat.appeals.models.experiment import Arm
from tamizdat.funding import amounts
from tamizdat.funding.models import AmountLadder
from tamizdat.outlet.models import Masthead

MOST_BANNER_LETTERS = 33  # measured: two lines beside a Russian button, 360 px wide
_NAMES = re.compile(r"\{(\w*)\}")


def new_key() -> str:
    """Names a message in public, where the number of its row has no business."""
    return get_random_string(6, "abcdefghjkmnpqrstuvwxyz23456789")


class MessageQuerySet(models.QuerySet["Message"]):
    def in_page(self, placement: str, *, language: str, now: datetime) -> "Message | None":
        """What readers see there of whom nothing is known but their language."""
        if Asking.ours().is_wary_in(language):
            return self.safety(language, now=now)
        return self.standing(placement, language=language, now=now)

    def standing(self, placement: str, *, language: str, now: datetime) -> "Message | None":
        """The one in the page itself: of those whose time it is, the first of the list."""
        here = self.filter(
            placement=placement, locale__language_code=language, is_on=True, is_standing=True
        ).select_related("campaign")
        holding = [each for each in here if each.holds_at(now)]
        return min(holding, key=_turn, default=None)

    def listed(self, language: str, *, draft: "Message | None" = None) -> list["Message"]:
        """Those that browsers choose from, in the order in which they are asked.

        `draft` is taken as if it were kept and on.
        """
        here = self.filter(
            Q(campaign=None) | Q(campaign__is_on=True),
            Q(arm=None) | Q(arm__experiment__is_on=True) | Q(is_standing=True),
            placement__in=Message.CHOSEN,
            locale__language_code=language,
            is_on=True,
        ).select_related("campaign", "arm__experiment")
        kept = [each for each in here.order_by("pk") if not draft or each.pk != draft.pk]
        found = [*kept, draft] if draft else kept
        return sorted(found, key=_turn)

    def safety(self, language: str, *, now: datetime) -> "Message | None":
        """The notice for readers of whom nothing is known but their language."""
        of_nobody = {"countries": "", "sections": None, "topics": None, "device": "", "arm": None}
        unread = {"read_least": None, "read_most": None}
        notices = self.filter(placement=Message.Placement.SAFETY, **of_nobody, **unread)
        return next((each for each in notices.listed(language) if each.holds_at(now)), None)

    def next_change(self, *, now: datetime) -> datetime | None:
        """When the next of those that are on begins or ends by itself."""
        live = self.filter(is_on=True).select_related("campaign")
        times = chain.from_iterable(each.times() for each in live)
        return min((time for time in times if time and time > now), default=None)


class Message(PreviewableMixin, Conditions):
    """Its words may say {outlet}, and the button of an ask must say {amount}."""

    class Placement(models.TextChoices):
        BANNER = "banner", "Banner"
        ASK = "ask", "Ask at the end of a story"
        SAFETY = "safety", "Safety notice, where giving is a crime"
        THANKS = "thanks", "Page of thanks, after a gift"
        GIVE = "give", "Top of the page about giving"
        NEWSLETTER = "newsletter", "Newsletter"

    CHOSEN = (Placement.BANNER, Placement.ASK, Placement.SAFETY)  # in the reader's browser

    key = models.CharField(max_length=6, unique=True, default=new_key, editable=False)
    placement = models.CharField("where", max_length=10, choices=Placement)
    locale = models.ForeignKey(Locale, models.PROTECT, verbose_name="language")
    headline = models.CharField(
        "headline", max_length=120, blank=True, help_text="A slim banner has none."
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
        blank=True,
        help_text="In an ask it must hold {amount}: Give {amount} a month.",
    )
    note = models.CharField(
        "line under the button", max_length=200, blank=True, help_text="A banner has none."
    )
    is_large = models.BooleanField(
        "large", default=False, help_text="A banner with a headline, for a campaign."
    )
    presets = models.CharField(
        "amounts of its own",
        max_length=60,
        blank=True,
        help_text="Of an ask, such as 3, 5, 10. Empty: those of the currency.",
    )
    picture = models.ForeignKey(
        get_image_model_string(),
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Of an ask or a large banner that browsers fetch: in the page itself is no room.",
    )
    shows_ways = models.BooleanField("show the ways to pay", default=True)
    is_on = models.BooleanField("on", default=True)
    is_standing = models.BooleanField(
        "in the page itself",
        default=False,
        help_text="Readers without JavaScript see it. One message at a time, in each place and "
        "language; a campaign may bring its own.",
    )
    priority = models.SmallIntegerField(
        default=0, help_text="Of those that hold, the highest is shown."
    )
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, blank=True, related_name="+")
    arm = models.ForeignKey(
        Arm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="arm of an experiment",
        help_text="Only readers of this arm see it, while the experiment is on.",
    )

    objects = MessageQuerySet.as_manager()

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("placement"), FieldPanel("locale")]),
                    FieldPanel("headline"),
                    FieldPanel("text"),
                    FieldPanel("button"),
                    FieldPanel("note"),
                    FieldPanel("presets"),
                    FieldPanel("picture"),
                    FieldRowPanel([FieldPanel("is_large"), FieldPanel("shows_ways")]),
                    FieldPanel("is_on"),
                ],
                heading="Words",
            ),
            ObjectList(CONDITIONS, heading="Who sees it"),
            ObjectList(
                [
                    MultiFieldPanel(
                        [FieldPanel("is_standing"), FieldPanel("priority")], heading="Which first"
                    ),
                    FieldPanel("campaign"),
                    FieldPanel("arm"),
                ],
                heading="Order, campaign, experiment",
            ),
        ]
    )

    class Meta:
        verbose_name = "message"
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "locale"],
                condition=Q(is_on=True, is_standing=True, campaign=None),
                name="message_one_standing_per_place_and_language",
                violation_error_message=(
                    "Another message is on in the page itself, in this place and language. "
                    "Turn it off first."
                ),
            ),
            models.UniqueConstraint(
                fields=["placement", "locale", "campaign"],
                condition=Q(is_on=True, is_standing=True),
                name="message_one_standing_per_campaign",
                violation_error_message=(
                    "The campaign has another message in the page itself, in this place and "
                    "language. Turn it off first."
                ),
            ),
        ]

    def __str__(self) -> str:
        words = self.headline or self.text
        return f"{self.get_placement_display()} ({self.locale.language_code}): {words[:40]}"

    def clean(self) -> None:
        super().clean()
        problems = self._strange_names() | self._missing_words() | self._picture_problem()
        problems |= self._arm_problem()
        if self.presets and not problems and (problem := self._presets_problem()):
            problems["presets"] = problem
        if problems:
            raise ValidationError(problems)

    def times(self) -> tuple[datetime | None, datetime | None]:
        """From when, and until when: its own times within those of its campaign."""
        begins, ends = super().times()
        if self.campaign:
            begins = max(filter(None, [begins, self.campaign.begins_at]))
            ends = min(filter(None, [ends, self.campaign.ends_at]))
        return begins, ends

    def holds_at(self, now: datetime) -> bool:
        """Whether its time has come and is not over, nor its campaign off."""
        begins, ends = self.times()
        is_wanted = self.campaign is None or self.campaign.is_on
        return is_wanted and (not begins or begins <= now) and (not ends or now < ends)

    def _strange_names(self) -> dict[str, str]:
        problems = {}
        for field in ("headline", "text", "button", "note"):
            asks = self.placement in (self.Placement.ASK, self.Placement.NEWSLETTER)
            has_amount = asks and field == "button"
            allowed = {"outlet", "amount"} if has_amount else {"outlet"}
            if strange := set(_NAMES.findall(getattr(self, field))) - allowed:
                problems[field] = f"Nothing is known as {{{strange.pop()}}}."
        return problems

    def _missing_words(self) -> dict[str, str]:
        problems = {}
        if self.placement == self.Placement.ASK and "{amount}" not in self.button:
            problems["button"] = "The button of an ask must say {amount}."
        if self.placement == self.Placement.BANNER and not self.button:
            problems["button"] = "A banner needs a button."
        needs_headline = {
            self.Placement.ASK: "An ask needs a headline.",
            self.Placement.SAFETY: "A safety notice needs a headline: it is what fits in a banner.",
        }
        if self.placement in needs_headline and not self.headline:
            problems["headline"] = needs_headline[self.Placement(self.placement)]
        return problems

    def _picture_problem(self) -> dict[str, str]:
        if self.picture is None:
            return {}
        is_large_banner = self.placement == self.Placement.BANNER and self.is_large
        if self.is_standing or not (is_large_banner or self.placement == self.Placement.ASK):
            words = "Only an ask or a large banner, not in the page itself, has room for a picture."
            return {"picture": words}
        if not self.picture.description:
            return {"picture": "Describe the picture first, for readers who cannot see it."}
        return {}

    def _arm_problem(self) -> dict[str, str]:
        """An experiment that is on has the messages with which it began; all arms are fetched."""
        if self.arm is None:
            return {}
        if self.is_standing and not self.arm.experiment.ended_at:
            words = "An arm whose message the page brings would be seen sooner than one that is "
            return {"is_standing": words + "fetched. Untick this until the experiment is over."}
        if not self.arm.experiment.is_on:
            return {}
        if Message.objects.filter(pk=self.pk, arm=self.arm).exists():
            return {}
        words = "The experiment is on: with one more message its figures would say nothing. "
        return {"arm": words + "Stop the experiment first, and begin another with this one in it."}

    def _presets_problem(self) -> str:
        """What is wrong with its own amounts, in a currency in which they would be asked for."""
        currency = Masthead.objects.speaking(self.locale.language_code).currency
        ladder = AmountLadder.objects.filter(currency=currency, interval="month").first()
        words = [word for word in self.presets.replace(",", " ").split() if word]
        if ladder is None or not 2 <= len(words) <= 6:
            return "Write two to six amounts, such as 3, 5, 10."
        for word in words:
            if not amounts.read(word, ladder):
                least, most = ladder.least.format("en"), ladder.most.format("en")
                return f"“{word}” is not between {least} and {most}, what a month allows."
        return ""

    @property
    def is_long_for_a_telephone(self) -> bool:
        """Whether a banner takes more than two lines of a small screen."""
        outlet = Masthead.objects.speaking(self.locale.language_code).name
        words = fill(self.text, outlet=outlet)
        is_slim = self.placement == self.Placement.BANNER and not self.is_large
        return is_slim and len(words) > MOST_BANNER_LETTERS

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """The readers as whom it can be looked at."""
        if self.placement not in self.CHOSEN:
            return [(readers.FIRST, "Any reader")]
        named = [f"{readers.COUNTRY}{code}" for code in self.named_countries()]
        modes = [*readers.READERS, *named]
        return [(mode, f"A reader {readers.words_of(mode)}") for mode in modes]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page that readers see it on, as a reader of some kind would."""
        request.previewed_message = self  # type: ignore[attr-defined]  # whoever shows pages looks
        request.previewed_as = mode_name or readers.FIRST  # type: ignore[attr-defined]
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


def _turn(message: Message) -> tuple[int, int, bool]:
    """When it is asked: a campaign's before what is always there, a newer one's before others."""
    return (-message.priority, -(message.campaign_id or 0), message.is_standing)


def fill(words: str, **names: str) -> str:
    """`fill("Support {outlet}!", outlet="The Lantern")`; other braces are left alone."""
    return _NAMES.sub(lambda match: names.get(match[1], match[0]), words)
