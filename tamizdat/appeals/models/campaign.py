from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from tamizdat.lib.money import Money, NotAnAmount


class Campaign(models.Model):
    """One switch for many messages: the whole site turns to them, and back by itself."""

    name = models.CharField("name", max_length=80)
    is_on = models.BooleanField(
        "on", default=False, help_text="Its messages are shown between the two times only."
    )
    begins_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("until", help_text="Then it turns itself off.")

    goal = models.CharField(
        "goal", max_length=12, blank=True, help_text="Such as 20000. Empty: none is shown."
    )
    goal_currency = models.CharField(
        "its currency",
        max_length=3,
        blank=True,
        help_text="Such as USD. Gifts in it count, from the beginning on.",
    )
    reached = models.PositiveSmallIntegerField(null=True, editable=False)  # hundredths of the goal

    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("begins_at"), FieldPanel("ends_at")]),
        FieldRowPanel([FieldPanel("goal"), FieldPanel("goal_currency")]),
        FieldPanel("is_on"),
    ]

    class Meta:
        verbose_name = "campaign"
        constraints = [
            models.CheckConstraint(
                name="campaign_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        problems = {}
        if self.begins_at and self.ends_at and self.ends_at <= self.begins_at:
            problems["ends_at"] = "It would end before it begins. Choose a later time."
        self.goal_currency = self.goal_currency.upper()
        if bool(self.goal) != bool(self.goal_currency):
            problems["goal_currency"] = "A goal is an amount and a currency: write both, or none."
        elif self.goal and self.money is None:
            problems["goal"] = "Write a whole amount of this currency, such as 20000."
        if problems:
            raise ValidationError(problems)

    @property
    def money(self) -> Money | None:
        """What it wants to reach; None where it has no goal."""
        try:
            money = Money.parse(self.goal, self.goal_currency) if self.goal else None
        except NotAnAmount:
            return None
        return money if money and money.minor > 0 else None

    def is_running(self, *, now: datetime) -> bool:
        return self.is_on and self.begins_at <= now < self.ends_at
