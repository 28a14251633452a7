from django.db import models
from django.db.models import Q

from tamizdat.outlet.models import MailProfile


class MailRule(models.Model):
    """How little our mails say to whoever begins to give by a bank of this country."""

    class Profile(models.TextChoices):
        NEUTRAL = MailProfile.NEUTRAL.value, "Without our name"
        NONE = MailProfile.NONE.value, "No mail, and no address kept"

    country = models.CharField(
        max_length=2,
        unique=True,
        help_text="Two letters, such as BY: where the bank of the card is.",
    )
    profile = models.CharField(
        "mail",
        max_length=8,
        choices=Profile,
        help_text="For gifts that are begun from now on. Who gave before and has an address is "
        "written to without our name at most.",
    )

    class Meta:
        verbose_name = "mail by country"
        verbose_name_plural = "mail by country"
        constraints = [
            models.CheckConstraint(
                name="mail_rule_country_is_iso_3166", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
            models.CheckConstraint(
                name="mail_rule_profile_is_careful", condition=Q(profile__in=["neutral", "none"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.get_profile_display()}"
