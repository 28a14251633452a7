from django.db import models
from django.db.models import Q

from tamizdat.outlet.vault import vault


class Instrument(models.Model):
    """A card or an account that a reader let us charge again. No brand, no digits, no name."""

    class State(models.TextChoices):
        ACTIVE = "active"
        EXPIRED = "expired"
        REVOKED = "revoked"

    provider = models.CharField(max_length=32)
    sealed_token = models.BinaryField()
    issuer_country = models.CharField(max_length=2, help_text="ISO 3166-1")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="instrument_state_is_one_of_ours",
                condition=Q(state__in=["active", "expired", "revoked"]),
            ),
            models.CheckConstraint(
                name="instrument_country_is_iso_3166",
                condition=Q(issuer_country__regex=r"^[A-Z]{2}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"instrument {self.pk} ({self.issuer_country})"

    @property
    def token(self) -> str:
        return vault().open(bytes(self.sealed_token))

    @staticmethod
    def seal(token: str) -> bytes:
        return vault().seal(token)

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    def revoke(self) -> None:
        """Never charge it again. Nothing leads back from here."""
        Instrument.objects.filter(pk=self.pk).update(state=self.State.REVOKED)
        self.refresh_from_db()
