from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale


class MastheadQuerySet(models.QuerySet["Masthead"]):
    def speaking(self, language: str) -> "Masthead":
        """That of `language`, else the first there is. Raises DoesNotExist if there is none."""
        return self.filter(locale__language_code=language).first() or self.earliest("pk")


class MailProfile(models.TextChoices):
    """How mail to a reader looks, to whoever else may see it."""

    NORMAL = "normal", _("With our name")
    NEUTRAL = "neutral", _("Without our name in subject, sender and text")
    NONE = "none", _("No mail at all")


class Masthead(models.Model):
    """Who we are, in one language."""

    locale = models.OneToOneField(Locale, models.PROTECT, verbose_name=_("language"))
    name = models.CharField(_("name of the outlet"), max_length=60)
    tagline = models.CharField(_("line under the name"), max_length=120, blank=True)
    legal_notice = models.TextField(
        _("legal notice"),
        blank=True,
        help_text=_("The label a state forces on us, printed above every story. Empty: none."),
    )
    footer = models.CharField(_("line in the footer"), max_length=200, blank=True)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="USD",
        help_text=_("The one proposed first to a reader of this language, such as USD or EUR."),
    )

    mail_profile = models.CharField(
        _("mail to readers"),
        max_length=8,
        choices=MailProfile,
        default=MailProfile.NORMAL,
        help_text=_("What is proposed to readers of this language; each may choose otherwise."),
    )

    objects = MastheadQuerySet.as_manager()

    panels = [
        FieldPanel("locale"),
        FieldPanel("name"),
        FieldPanel("tagline"),
        FieldPanel("legal_notice"),
        FieldPanel("footer"),
        FieldPanel("currency"),
        FieldPanel("mail_profile"),
    ]

    class Meta:
        verbose_name = _("masthead")
        permissions = [("read_mails", "Can read mails that were kept instead of sent")]

    def __str__(self) -> str:
        return f"{self.name} ({self.locale.language_code})"
