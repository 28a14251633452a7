from django.db import models


class Bucket(models.Model):
    """How much of a limit is used up. What it counts is a digest of our own, for hours at most."""

    name = models.CharField(max_length=80, unique=True)
    # The moment at which all of it is free again, in milliseconds since 1970: a number that both
    # databases can add to and compare in one UPDATE.
    free_at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"bucket {self.pk}"
