from django.db import models
from django.db.models import Q


class RiskRule(models.Model):
    """From a day on, whether we take gifts from a country, and by which way to pay."""

    class Action(models.TextChoices):
        ASK = "ask", "Ask"
        WARN = "warn", "Ask, and warn"
        NEVER = "never", "Never: take nothing"

    class Interval(models.TextChoices):
        ANY = "any", "any gift"
        MONTH = "month", "each month"
        YEAR = "year", "each year"
        ONCE = "once", "once"

    class Method(models.TextChoices):
        ANY = "any", "any way to pay"
        CARD = "card", "card"
        PAYPAL = "paypal", "PayPal"
        TRANSFER = "transfer", "bank transfer"
        CRYPTO = "crypto", "crypto"
        WALLET = "wallet", "wallet"

    country = models.CharField(
        max_length=2, help_text="Two letters, such as BY: where the bank of the card is."
    )
    method = models.CharField("way to pay", max_length=8, choices=Method, default=Method.ANY)
    interval = models.CharField(max_length=5, choices=Interval, default=Interval.ANY)
    action = models.CharField(max_length=5, choices=Action)
    starts_on = models.DateField(help_text="The latest rule that has begun is the one that counts.")

    class Meta:
        verbose_name = "safety rule"
        constraints = [
            models.UniqueConstraint(
                fields=["country", "method", "interval", "starts_on"], name="rule_one_a_day"
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
            models.CheckConstraint(
                name="rule_method_is_one_of_ours",
                condition=Q(method__in=["any", "card", "paypal", "transfer", "crypto", "wallet"]),
            ),
        ]

    def __str__(self) -> str:
        kinds = f"{self.get_interval_display()}, {self.get_method_display()}"
        return f"{self.country}: {self.get_action_display()} ({kinds})"
