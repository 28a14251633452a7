"""What browsers told of an experiment: sums by arm and day, and nothing of any reader."""

from datetime import date

from django.db import IntegrityError, models, transaction
from django.db.models import F

from tamizdat.appeals.models.experiment import Arm

COUNTED = ("met", "views", "closes", "clicks")


class TallyQuerySet(models.QuerySet["Tally"]):
    def add(self, arm: Arm, day: date, **counts: int) -> None:
        """Add to what was told that day. Two at once are both counted."""
        more = {name: F(name) + count for name, count in counts.items()}
        while not self.filter(arm=arm, day=day).update(**more):
            self._begin(arm, day)

    def flag(self, arm: Arm, day: date) -> None:
        """Remember that more was told that day than was taken in."""
        while not self.filter(arm=arm, day=day).update(is_flooded=True):
            self._begin(arm, day)

    def _begin(self, arm: Arm, day: date) -> None:
        """Write the first down, with nothing in it, unless another was first."""
        try:
            with transaction.atomic():
                self.create(arm=arm, day=day)
        except IntegrityError:
            if not self.filter(arm=arm, day=day).exists():
                raise


class Tally(models.Model):
    """Of one arm on one day, in UTC."""

    arm = models.ForeignKey(Arm, models.CASCADE, related_name="tallies")
    day = models.DateField()
    met = models.PositiveBigIntegerField(default=0)  # browsers that met the experiment
    views = models.PositiveBigIntegerField(default=0)
    closes = models.PositiveBigIntegerField(default=0)
    clicks = models.PositiveBigIntegerField(default=0)
    is_flooded = models.BooleanField(default=False)  # some were not taken in

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(fields=["arm", "day"], name="tally_once_an_arm_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.arm}, {self.day}"
