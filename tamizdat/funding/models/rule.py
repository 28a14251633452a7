from django.db import models
from django.db.models import Q


class RiskRule(models.Model):
    """From a day on, whether we take gifts from the banks of a country."""

    class Action(models.TextChoices):
        ASK = "ask", "Ask"
        WARN = "warn", "Ask, and warn"
        NEVER = "never", "Never: take nothing"

    class Interval(models.TextChoices):
        ANY = "any", "any gift"
        MONTH = "month", "each month"
        YEAR = "year", "each year"
        ONCE = "once", "once"

    country = models.CharField(
        max_length=2, help_text="Two letters, such as BY: where the bank of the card is."
    )
    interval = models.CharField(max_length=5, choices=Interval, default=Interval.ANY)
    action = models.CharField(max_length=5, choices=Action)
    starts_on = models.DateField(help_text="The latest rule that has begun is the one that counts.")

    class Meta:
        verbose_name = "safety rule"
        constraints = [
            models.UniqueConstraint(
                fields=["country", "interval", "starts_on"], name="rule_one_a_day"
            ),
            models.CheckConstraint(
                name="rule_country_is_iso_3166", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
            models.CheckConstraint(
                name="rule_action_is_one_of_ours", condition=Q(action__in=["ask", "warn", "never"])
            ),
            models.CheckConstraint(
                name="rule_interval_is_one_of_ours",
                condition=Q(interval__in=["any", "month", "year", "once"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.get_action_display()} ({self.get_interval_display()})"
