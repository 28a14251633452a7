from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail's, untyped
    """Someone who works here. Readers and supporters are never users."""


class Errand(models.Model):
    """A task of Wagtail's that the worker will do."""

    task = models.CharField(max_length=200)  # where its function is
    arguments = models.TextField()  # JSON

    class Meta:
        constraints = [models.UniqueConstraint("task", "arguments", name="errand_once")]

    def __str__(self) -> str:
        return f"{self.task} {self.arguments}"


class ExportRequest(models.Model):
    """Someone wishes to take supporters away from here. Another says yes or no; it is done once."""

    class State(models.TextChoices):
        ASKED = "asked"
        APPROVED = "approved"
        REFUSED = "refused"
        TAKEN = "taken"

    reason = models.CharField(max_length=200)
    recipient = models.CharField(max_length=100)  # the age key that alone will open it
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    # Nobody: taken at the command line by one person alone. See docs/adr/0008.
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("approve_exportrequest", "Can approve an export of supporters")]
        constraints = [
            models.CheckConstraint(
                name="export_state_is_one_of_ours",
                condition=Q(state__in=["asked", "approved", "refused", "taken"]),
            ),
            models.CheckConstraint(
                name="export_is_approved_by_another",
                condition=~Q(state__in=["approved", "taken"])
                | Q(state="taken", asked_by__isnull=True, decided_by__isnull=True)
                | Q(asked_by__isnull=False, decided_by__isnull=False)
                & ~Q(asked_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="export_is_taken_at_some_time",
                condition=Q(state="taken", taken_at__isnull=False)
                | ~Q(state="taken") & Q(taken_at__isnull=True),
            ),
            models.CheckConstraint(name="export_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"export request {self.pk}"

    @property
    def was_alone(self) -> bool:
        return self.asked_by_id is None
