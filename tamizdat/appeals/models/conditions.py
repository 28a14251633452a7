"""Who sees a message: the columns a revenue lead sets, and the rule that browsers read."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel

from tamizdat.lib.countries import NotACountry, country_code

_TWO_LETTERS = "Two letters each, such as BY, RU."
_TICKED = forms.CheckboxSelectMultiple


class CountriesField(models.CharField):  # type: ignore[type-arg]
    """Two-letter codes: `BY, RU`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"max_length": 1_000, "blank": True} | kwargs))

    def deconstruct(self) -> Any:
        """To a database it is text like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        """Upper case, in order, each once. Raises ValidationError that says what to write."""
        words = [word for word in re.split(r"[\s,;]+", value or "") if word]
        try:
            codes = sorted({country_code(word) for word in words})
        except NotACountry as error:
            problem = f"“{error}” is no country. Write two letters for each, such as BY, RU."
            raise ValidationError(problem) from error
        return str(super().clean(", ".join(codes), model_instance))


def codes(text: str) -> list[str]:
    """What a `CountriesField` holds, one by one."""
    return text.split(", ") if text else []


def _pages(name: str, kind: str) -> Any:
    # The apps that own these pages are siblings: they are known here by name only.
    return ParentalManyToManyField(
        "wagtailcore.Page",
        verbose_name=name,
        blank=True,
        related_name="+",
        limit_choices_to={"content_type__model": kind},
    )


def _days(name: str, *, default: int, help_text: str = "") -> Any:
    return models.PositiveSmallIntegerField(
        name, default=default, help_text=help_text or "Days. 0: it does not matter."
    )


class Conditions(ClusterableModel):
    """All that is set must hold. What is left empty is no condition."""

    class Device(models.TextChoices):
        ANY = "", "any"
        PHONE = "phone", "telephone"
        DESKTOP = "desktop", "larger screen"

    countries = CountriesField("only in these countries")
    not_countries = CountriesField("not in these countries")
    sections = _pages("only in these sections", "section")
    not_sections = _pages("not in these sections", "section")
    topics = _pages("only on these topics", "topic")
    not_topics = _pages("not on these topics", "topic")
    is_soft = models.BooleanField(
        "also under sensitive stories",
        default=False,
        help_text="Of a death, an arrest, a flood. Tick it only if the words can stand there.",
    )
    device = models.CharField(max_length=7, choices=Device, blank=True, default="")
    begins_at = models.DateTimeField("from", null=True, blank=True)
    ends_at = models.DateTimeField("until", null=True, blank=True)
    read_least = models.PositiveSmallIntegerField("stories read, at least", null=True, blank=True)
    read_most = models.PositiveSmallIntegerField("at most", null=True, blank=True)
    read_weeks = models.PositiveSmallIntegerField(
        "in so many weeks", default=4, help_text="This week is the first; 52 at most."
    )
    views_most = models.PositiveSmallIntegerField(
        "shown at most", null=True, blank=True, default=4, help_text="Times. Empty: no limit."
    )
    views_days = models.PositiveSmallIntegerField("in so many days", default=30)
    views_between = models.PositiveSmallIntegerField(
        "days between two", default=0, help_text="0: it may be shown again at once."
    )
    closed_days = _days("after it was closed", default=14)
    gave_days = _days("after a gift", default=90)
    later_days = _days("after “Remind me later”", default=31)

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        problems = {}
        if self.begins_at and self.ends_at and self.ends_at <= self.begins_at:
            problems["ends_at"] = "It would end before it begins. Choose a later time."
        if not 1 <= self.read_weeks <= 52:
            problems["read_weeks"] = "Browsers remember a year: choose 1 to 52 weeks."
        if self.read_most is not None and self.read_most < (self.read_least or 0):
            problems["read_most"] = "This is less than the least: nobody would ever see it."
        if self.views_most == 0:
            problems["views_most"] = "It would never be shown. To turn it off, untick “on”."
        if problems:
            raise ValidationError(problems)

    def named_countries(self) -> list[str]:
        """Of which its rule speaks."""
        return sorted({*codes(self.countries), *codes(self.not_countries)})

    def times(self) -> tuple[datetime | None, datetime | None]:
        """From when, and until when."""
        return self.begins_at, self.ends_at


CONDITIONS = [
    HelpPanel(
        "The reader's own browser decides, and tells nobody. The country is guessed from the "
        "clock of the telephone, so a VPN does not change it."
    ),
    MultiFieldPanel(
        [
            FieldRowPanel(
                [
                    FieldPanel("countries", help_text=_TWO_LETTERS),
                    FieldPanel("not_countries", help_text=_TWO_LETTERS),
                ]
            ),
            FieldPanel("device"),
        ],
        heading="Where readers are",
    ),
    MultiFieldPanel(
        [
            FieldRowPanel(
                [
                    FieldPanel("sections", widget=_TICKED),
                    FieldPanel("not_sections", widget=_TICKED),
                ]
            ),
            FieldRowPanel(
                [FieldPanel("topics", widget=_TICKED), FieldPanel("not_topics", widget=_TICKED)]
            ),
            FieldPanel("is_soft"),
        ],
        heading="What they read",
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("begins_at"), FieldPanel("ends_at")]),
            FieldRowPanel(
                [FieldPanel("read_least"), FieldPanel("read_most"), FieldPanel("read_weeks")]
            ),
        ],
        heading="When, and for whom",
    ),
    MultiFieldPanel(
        [
            FieldRowPanel(
                [FieldPanel("views_most"), FieldPanel("views_days"), FieldPanel("views_between")]
            ),
            FieldRowPanel(
                [FieldPanel("closed_days"), FieldPanel("gave_days"), FieldPanel("later_days")]
            ),
        ],
        heading="Leave them in peace",
    ),
]
