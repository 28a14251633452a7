from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale


class Asking(ClusterableModel):
    """How we ask at all: one row, written when the newsroom is founded."""

    is_off = models.BooleanField(
        "ask nowhere",
        default=False,
        help_text="The switch for a bad day: no banner, no ask, no notice on any page, from the "
        "next publish on. The page about giving stays.",
    )
    holdback = models.DecimalField(
        "readers who are never asked, in hundredths",
        max_digits=4,
        decimal_places=2,
        default=0,
        help_text="2 means two in a hundred: they see no banner and no ask, and nothing is counted "
        "of them. 0 for none.",
    )
    wary_in = ParentalManyToManyField(
        Locale,
        verbose_name="where the country is unknown, show the safety notice",
        blank=True,
        related_name="+",
        help_text="To readers of these languages. Tor Browser, for one, hides the country.",
    )

    panels = [
        FieldPanel("is_off"),
        FieldPanel("holdback"),
        FieldPanel("wary_in", widget=forms.CheckboxSelectMultiple),
    ]

    class Meta:
        verbose_name = "how we ask"
        verbose_name_plural = "how we ask"
        constraints = [
            models.CheckConstraint(
                name="asking_holdback_is_of_a_hundred",
                condition=models.Q(holdback__gte=0, holdback__lte=50),
            )
        ]

    @classmethod
    def ours(cls) -> Self:
        """The one row; as it begins, where there is none yet."""
        return cls.objects.first() or cls()

    def __str__(self) -> str:
        return "How we ask"

    def is_wary_in(self, language: str) -> bool:
        """Whether its readers see the safety notice where nobody knows where they are."""
        return any(locale.language_code == language for locale in self.wary_in.all())

    def clean(self) -> None:
        super().clean()
        if self.holdback is not None and not 0 <= self.holdback <= 50:
            raise ValidationError({"holdback": "Choose 0 to 50: the others are to be asked."})
