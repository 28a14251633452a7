"""What readers' gifts came to, month by month: sums, and nothing about anyone."""

from django.db import models

from tamizdat.lib.money import Money


class Kind(models.TextChoices):
    """What so many gifts did in a month. `docs/figures.md` says when each is counted."""

    GAVE = "gave", "Gave"
    NEW = "new", "New"
    TAKEN_IN = "taken_in", "Taken in from another system"
    BACK = "back", "Came back"
    RAISED = "raised", "Raised"
    LOWERED = "lowered", "Lowered"
    RECOVERED = "recovered", "Recovered"
    PAUSED = "paused", "Paused or left out"
    OWING = "owing", "Past due"
    LAPSED = "lapsed", "Lapsed"
    STOPPED = "stopped", "Stopped"
    HALTED = "halted", "Halted by us"
    ONCE = "once", "Given once"
    PEOPLE = "people", "Supporters"


class By(models.TextChoices):
    """What a sum is told apart by, besides its currency."""

    ALL = "all"
    METHOD = "method"
    STORY = "story"
    SECTION = "section"
    MESSAGE = "message"
    COHORT = "cohort"  # the month of the first gift


class MonthSum(models.Model):
    month = models.DateField()  # its first day
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.CharField(max_length=10, choices=By)
    name = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3, blank=True)  # empty: people are in none
    count = models.PositiveIntegerField()
    minor = models.BigIntegerField()  # of a yearly gift, what it comes to in a month

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "kind", "by", "name", "currency"], name="monthsum_is_told_once"
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="monthsum_month_is_a_first_day"
            ),
        ]
        indexes = [models.Index(fields=["by", "kind", "month"], name="monthsum_by_kind_month")]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y-%m}"

    @property
    def money(self) -> Money:
        return Money(self.minor, self.currency)


class CountedMonth(models.Model):
    """A month whose sums are there, and when they were counted last."""

    month = models.DateField(unique=True)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
