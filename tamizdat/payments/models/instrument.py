import random
from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from tamizdat.outlet.vault import vault
from tamizdat.payments.errors import WrongState

LOOK_EVERY = timedelta(days=7)
FORGET_AGAIN_AFTER = timedelta(days=1)


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def providers(self) -> set[str]:
        """Their codes, also of those that are not set up any more."""
        return set(self.order_by().values_list("provider", flat=True).distinct())

    def some(self, most: int) -> list["Instrument"]:
        """So many, in no order: one about which nobody ever answers holds up none for long."""
        numbers = list(self.order_by("pk").values_list("pk", flat=True))
        chosen = random.sample(numbers, min(most, len(numbers)))
        found = self.in_bulk(chosen)
        return [found[number] for number in chosen if number in found]

    def to_look_at(self, *, now: datetime) -> Self:
        """Those of which we do not know how long they live, or have not asked for a week."""
        unseen = Q(looked_at=None) | Q(looked_at__lte=now - LOOK_EVERY)
        return self.filter(unseen).exclude(state=Instrument.State.REVOKED)

    def to_forget(self, *, now: datetime) -> Self:
        """Revoked ones that are still kept, and that it was not tried in vain to forget today."""
        failed_at = Q(forgetting_failed_at=None)
        failed_at |= Q(forgetting_failed_at__lte=now - FORGET_AGAIN_AFTER)
        return self.filter(failed_at, state=Instrument.State.REVOKED, sealed_token__isnull=False)


class Instrument(models.Model):
    """A card or an account that a reader let us charge again. No brand, no digits, no name."""

    class State(models.TextChoices):
        ACTIVE = "active"
        EXPIRED = "expired"  # the bank said so; a new expiry makes it ACTIVE again
        REVOKED = "revoked"

    provider = models.CharField(max_length=32)
    sealed_token = models.BinaryField(null=True)  # NULL once it was forgotten, there and here
    issuer_country = models.CharField(max_length=2, help_text="ISO 3166-1")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    # Its last day, as far as the provider tells: that of the month on the card.
    expires_on = models.DateField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)  # when we asked for that day
    forgetting_failed_at = models.DateTimeField(null=True, blank=True)  # its provider would not
    created_at = models.DateTimeField()

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["provider"],
                name="instrument_to_forget",
                condition=Q(state="revoked", sealed_token__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="instrument_state_is_one_of_ours",
                condition=Q(state__in=["active", "expired", "revoked"]),
            ),
            models.CheckConstraint(
                name="instrument_country_is_iso_3166",
                condition=Q(issuer_country__regex=r"^[A-Z]{2}$"),
            ),
            models.CheckConstraint(
                name="instrument_is_revoked_before_it_is_forgotten",
                condition=Q(state="revoked") | Q(sealed_token__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"instrument {self.pk} ({self.issuer_country})"

    @property
    def token(self) -> str:
        """Raises WrongState once it was forgotten, and CannotOpen."""
        if self.sealed_token is None:
            raise WrongState(f"{self} was forgotten")
        return vault().open(bytes(self.sealed_token))

    @staticmethod
    def seal(token: str) -> bytes:
        return vault().seal(token)

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_expired(self) -> bool:
        return self.state == self.State.EXPIRED

    @property
    def is_revoked(self) -> bool:
        return self.state == self.State.REVOKED

    def mark_expired(self) -> None:
        """The bank said so."""
        self._replace(self.State.ACTIVE, by=self.State.EXPIRED)

    def note_expiry(self, expires_on: date | None, *, now: datetime) -> None:
        """What the provider tells today. A later day than the one we knew makes it good again."""
        is_new = bool(expires_on and expires_on >= now.date() and expires_on != self.expires_on)
        Instrument.objects.filter(pk=self.pk).update(expires_on=expires_on, looked_at=now)
        if is_new:
            self._replace(self.State.EXPIRED, by=self.State.ACTIVE)
        self.refresh_from_db()

    def _replace(self, state: State, *, by: State) -> None:
        Instrument.objects.filter(pk=self.pk, state=state).update(state=by)
        self.refresh_from_db()

    def revoke(self) -> None:
        """Never charge it again. Nothing leads back from here."""
        Instrument.objects.filter(pk=self.pk).update(state=self.State.REVOKED)
        self.refresh_from_db()

    def note_still_kept(self, *, now: datetime) -> None:
        Instrument.objects.filter(pk=self.pk).update(forgetting_failed_at=now)

    def forget(self) -> None:
        """Keep nothing by which it could be charged. Its provider has been told before."""
        revoked = Instrument.objects.filter(pk=self.pk, state=self.State.REVOKED)
        revoked.update(sealed_token=None, forgetting_failed_at=None)
        self.refresh_from_db()
