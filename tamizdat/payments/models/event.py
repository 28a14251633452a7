from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

QUIET = timedelta(minutes=5)  # after somebody looked in vain


class ProviderEventQuerySet(models.QuerySet["ProviderEvent"]):
    def waiting(self, *, now: datetime) -> Self:
        """Those that nobody has looked into yet, or in vain and a while ago."""
        is_quiet = Q(checked_at=None) | Q(checked_at__lte=now - QUIET)
        return self.filter(is_quiet, applied_at=None)


class ProviderEvent(models.Model):
    """That a provider told us something. What it said is not kept: we go and look instead."""

    provider = models.CharField(max_length=32)
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)  # in vain
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = ProviderEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="event_counts_once"),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="event_received_at"),
            models.Index(fields=["id"], condition=Q(applied_at=None), name="event_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.event_id}"
