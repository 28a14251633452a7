from django.db import models


class UsedProof(models.Model):
    """A digest of work that was accepted, kept until it would be too old anyway."""

    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"used proof {self.pk}"
