from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

PATIENCE = timedelta(minutes=10)


class Edition(models.Model):
    """The site as it was from one moment to the next."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    baked_at = models.DateTimeField(_("baked"))
    why = models.CharField(_("why"), max_length=200)
    baked_count = models.PositiveIntegerField(_("pages baked for it"))
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


class Change(models.Model):
    """Something in the database that pages may show is not what it was. Written by triggers."""

    token = models.CharField(max_length=255)
    # The number of the taking-in that looked at it. It stays for a while, for whoever was reading
    # the database when it was told.
    taken_in = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(taken_in=None), name="change_is_new"),
            models.Index(fields=["taken_in"], name="change_taken_in"),
        ]

    def __str__(self) -> str:
        return self.token


class TakingIn(models.Model):
    """One look at what has changed."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"taking-in {self.pk}"


class KnownFact(models.Model):
    """What a fact was when it was last asked."""

    id = models.BigIntegerField(primary_key=True)  # targets.number_of(key)
    key = models.TextField()
    digest = models.BinaryField(max_length=16)
    trace = models.BinaryField(max_length=16)  # digest of what it watches and reads
    valid_until = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.key


class Watch(models.Model):
    """A fact must be asked again when this token is told."""

    pk = models.CompositePrimaryKey("token", "fact_id")
    token = models.CharField(max_length=255)
    fact_id = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.token


class Read(models.Model):
    """A fact or target has read a fact."""

    pk = models.CompositePrimaryKey("fact_id", "reader_id")
    fact_id = models.BigIntegerField()
    reader_id = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.reader_id} reads {self.fact_id}"


class Begotten(models.Model):
    """A target that is there because another says so."""

    pk = models.CompositePrimaryKey("target_id", "by_id")
    target_id = models.BigIntegerField()
    by_id = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.target_id} by {self.by_id}"


class Baked(models.Model):
    """A target that was baked, and why it last was."""

    id = models.BigIntegerField(primary_key=True)  # targets.number_of(key)
    key = models.TextField()
    baked_at = models.DateTimeField()
    why = models.TextField()

    def __str__(self) -> str:
        return self.key


class Claim(models.Model):
    """What a target wants to stand at a path. Of several the lowest rank does."""

    pk = models.CompositePrimaryKey("path", "rank", "target_id")
    path = models.TextField()
    target_id = models.BigIntegerField(db_index=True)
    rank = models.PositiveSmallIntegerField()
    hash = models.CharField(max_length=64, blank=True)  # SHA-256 of a file
    size = models.PositiveBigIntegerField(default=0)
    content_type = models.CharField(max_length=80, blank=True)
    status = models.PositiveSmallIntegerField(default=200)
    location = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.path


class StalePath(models.Model):
    """What readers find at this path may not be what is claimed: to be put right by going live.

    Written together with the claim, so that no crash between the database and the disk is lost.
    """

    path = models.TextField(primary_key=True)

    def __str__(self) -> str:
        return self.path


class Withdrawn(models.Model):
    """A target's page stood at this path up to this edition: it moved away, or is gone."""

    pk = models.CompositePrimaryKey("path", "target_id", "edition")
    path = models.TextField()
    target_id = models.BigIntegerField()
    edition = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.path


class Software(models.Model):
    """The code and the settings that made the pages there are: one row."""

    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest


class Verification(models.Model):
    """One comparison of the tree with what a full bake makes."""

    at = models.DateTimeField()
    target_count = models.PositiveIntegerField()
    missed_count = models.PositiveIntegerField()

    class Meta:
        get_latest_by = "at"

    def __str__(self) -> str:
        return f"verification of {self.at:%Y-%m-%d}"


IN_PASSING = 10  # the priority of what the worker bakes though nobody waits for it
AT_LEISURE = 20  # the priority of what no reader waits for


class OutdatedQuerySet(models.QuerySet["Outdated"]):
    def due(self, *, now: datetime) -> Self:
        """What should be baked now, what someone waits for first."""
        due = self.filter(not_before__lte=now, priority__lt=AT_LEISURE)
        return due.order_by("priority", "key")  # those next to each other read much the same

    def waited_for(self, *, now: datetime) -> Self:
        """What an editor who has pressed Publish wants to see."""
        return self.due(now=now).filter(priority__lt=IN_PASSING)

    def at_leisure(self, *, now: datetime) -> Self:
        """What lacks something that takes long to make."""
        return self.filter(not_before__lte=now, priority=AT_LEISURE).order_by("key")

    def overdue(self, *, now: datetime) -> Self:
        """Those that a worker should have baked by now."""
        return self.due(now=now - PATIENCE)


class Outdated(models.Model):
    """A target that must be baked, for the first time or again."""

    id = models.BigIntegerField(primary_key=True)  # targets.number_of(key)
    key = models.TextField()
    why = models.TextField()
    priority = models.PositiveSmallIntegerField()
    not_before = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)

    objects = OutdatedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["priority", "not_before"], name="outdated_in_turn")]

    def __str__(self) -> str:
        return self.key
