"""A question to readers' behaviour: who sees which of several ways to ask."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel

WHOLE = 10_000  # shares, the holdback and a reader's number are of this


class Experiment(ClusterableModel):
    """Its messages are shown while it is on, each to the readers of one arm."""

    class Measure(models.TextChoices):
        GIFTS = "gifts", "how many give"
        MONEY = "money", "how much money they give in a year"

    key = models.SlugField(
        "key",
        max_length=30,
        unique=True,
        help_text="Small letters and hyphens. Readers' browsers remember their arm under it, so a "
        "new experiment needs a new one.",
    )
    name = models.CharField("what it asks", max_length=120)
    is_on = models.BooleanField("on", default=False)
    measure = models.CharField(
        "judged by",
        max_length=5,
        choices=Measure,
        default=Measure.GIFTS,
        help_text="Money takes two or three times as many readers. Choose it where the amounts are "
        "what differs.",
    )
    planned = models.PositiveIntegerField(
        "readers expected",
        default=100_000,
        validators=[MinValueValidator(1_000)],
        help_text="In all arms together. You may stop earlier or later; the verdict is sharpest "
        "about there.",
    )
    shared_on = models.DateField(null=True, blank=True, editable=False)  # of a bandit: the last day
    began_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_bandit = models.BooleanField(
        "give more readers to what works",
        default=False,
        help_text="Shares move by themselves, a day at a time; no arm falls below one reader in "
        "ten. Who has an arm keeps it.",
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("key"),
        FieldPanel("measure"),
        FieldPanel("planned"),
        FieldPanel("is_bandit"),
        InlinePanel("arms", heading="Arms", label="arm", min_num=2, max_num=6),
    ]

    class Meta:
        verbose_name = "experiment"
        constraints = [
            models.CheckConstraint(
                name="experiment_on_has_begun_and_not_ended",
                condition=Q(is_on=False) | Q(began_at__isnull=False, ended_at=None),
            ),
            models.CheckConstraint(
                name="experiment_ends_after_it_began",
                condition=Q(ended_at=None) | Q(began_at__lte=F("ended_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.is_bandit and self.measure == self.Measure.MONEY:
            words = "Readers are moved by how many give: judge by that, or keep the shares fixed."
            raise ValidationError({"is_bandit": words})

    def begin(self, *, now: datetime) -> bool:
        """Show it from now on. False if it was on already, or is over for good."""
        waiting = Experiment.objects.filter(pk=self.pk, is_on=False, ended_at=None)
        has_begun = bool(waiting.update(is_on=True, began_at=now))
        self.refresh_from_db()
        return has_begun

    def end(self, *, now: datetime) -> bool:
        """Show it to nobody any more. False if it was not on."""
        running = Experiment.objects.filter(pk=self.pk, is_on=True)
        has_ended = bool(running.update(is_on=False, ended_at=now))
        self.refresh_from_db()
        return has_ended


class Arm(models.Model):
    """One of the ways, and how many readers are given to it."""

    experiment = ParentalKey(Experiment, on_delete=models.CASCADE, related_name="arms")
    name = models.SlugField(max_length=10, help_text="A letter or a short word: a, b, short, long.")
    share = models.PositiveIntegerField(
        default=WHOLE // 2, help_text="Of 10,000 readers; the shares of all arms add up to that."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["experiment", "name"], name="arm_named_once"),
            models.CheckConstraint(name="arm_share_is_of_the_whole", condition=Q(share__lte=WHOLE)),
        ]

    def __str__(self) -> str:
        return f"{self.experiment.key}.{self.name}"
