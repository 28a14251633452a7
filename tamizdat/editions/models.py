from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

PATIENCE = timedelta(minutes=10)


class Edition(models.Model):
    """The site as it was from one moment to the next."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    baked_at = models.DateTimeField(_("baked"))
    why = models.CharField(_("why"), max_length=200)
    page_count = models.PositiveIntegerField(_("pages"))
    file_count = models.PositiveIntegerField(_("files"))
    changed_count = models.PositiveIntegerField(_("files that changed"))
    failed_count = models.PositiveIntegerField(_("pages that failed"))
    size_bytes = models.PositiveBigIntegerField(_("size in bytes"))
    root = models.CharField(max_length=64, blank=True)  # of its manifest; none once it is pruned

    class Meta:
        get_latest_by = "number"
        ordering = ["-number"]
        verbose_name = _("edition")

    def __str__(self) -> str:
        return f"edition {self.number}"


class BakeRequestQuerySet(models.QuerySet["BakeRequest"]):
    def due(self, *, now: datetime) -> Self:
        return self.filter(Q(not_before=None) | Q(not_before__lte=now))

    def overdue(self, *, now: datetime) -> Self:
        """Those that a worker should have answered by now."""
        return self.due(now=now).filter(asked_at__lte=now - PATIENCE)

    def urgent(self) -> Self:
        """Those that someone waits for, in the order they were made."""
        return self.filter(is_urgent=True).order_by("pk")

    def naming_a_page(self) -> Self:
        """Those whose page was not baked since, in the order they were made."""
        return self.exclude(page_pk=None).order_by("pk")


class BakeRequest(models.Model):
    """Something changed: one page at once, and everything in the next full bake."""

    why = models.CharField(max_length=200)
    asked_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(null=True, blank=True)
    is_urgent = models.BooleanField(default=False)
    # A value, not a foreign key: a request outlives its page.
    page_pk = models.PositiveBigIntegerField(null=True, blank=True)
    gone_path = models.TextField(blank=True)  # in the tree; to be taken away
    # The full bake that is under way since after this request was made. It deletes it at its end.
    bake_number = models.PositiveIntegerField(null=True, blank=True)

    objects = BakeRequestQuerySet.as_manager()

    def __str__(self) -> str:
        return self.why
