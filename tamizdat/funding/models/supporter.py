import secrets
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from tamizdat.lib.vault import Vault, new_key
from tamizdat.outlet.models import MailProfile
from tamizdat.outlet.vault import blind_index, vault

GOING_ON = ["active", "paused", "past_due", "unconfirmed", "standing"]  # states of a pledge


def new_public_id() -> str:
    return secrets.token_urlsafe(12)


class SupporterQuerySet(models.QuerySet["Supporter"]):
    def at(
        self,
        address: str,
        *,
        language: str,
        mail_profile: MailProfile = MailProfile.NORMAL,
        now: datetime,
    ) -> "Supporter":
        """Whoever gave this address, known before or new."""
        data_key = new_key()
        # Locked: whoever forgets this address waits for us, or we find it gone.
        supporter, _ = self.select_for_update(no_key=True).get_or_create(
            address_index=address_index(address),
            defaults={
                "sealed_key": vault().seal(data_key),
                "sealed_address": Vault([data_key]).seal(address),
                "language": language,
                "mail_profile": mail_profile,
                "created_at": now,
            },
        )
        return supporter

    def without_address(self, *, language: str, now: datetime) -> "Supporter":
        """Someone who wants no mail: we keep nothing by which to know them again."""
        profile = MailProfile.NONE
        return self.create(language=language, mail_profile=profile, created_at=now)

    def charge_numbers(self) -> models.QuerySet[Any, Any]:
        """The primary keys of what they promised or gave."""
        # Two questions, each with an index; one with an OR would read every charge there is.
        promised = self.filter(pledges__dues__isnull=False).values("pledges__dues__charge_id")
        once = self.filter(contributions__isnull=False).values("contributions__charge_id")
        return promised.union(once, all=True)

    def note_bounce(self, address: str, *, on: date) -> None:
        """Note since when mail to whoever gives by this address comes back."""
        theirs = self.filter(address_index=address_index(address), bounced_on=None)
        theirs.update(bounced_on=on)

    def never_paid(self, *, since: datetime) -> Self:
        """Who only promised, nothing after `since`, and of whom nothing goes on to be given."""
        paid = Q(pledges__dues__charge__state="succeeded") | Q(
            contributions__charge__state="succeeded"
        )
        promised = Q(pledges__created_at__gt=since) | Q(contributions__created_at__gt=since)
        is_something_left = Q(address_index__isnull=False) | Q(
            pk__in=self.filter(pledges__state="incomplete").values("pk")
        )
        # A pledge that came from another system goes on before anything was paid here.
        goes_on = Q(pledges__state__in=GOING_ON)
        silent = self.filter(is_something_left, created_at__lte=since)
        return silent.exclude(paid).exclude(promised).exclude(goes_on)


class Supporter(models.Model):
    """Someone who gives: an encrypted address, or nothing at all. No name, no place, no device."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    # The address is sealed with a key of its own, and that key with the newsroom's: without the
    # key the address is gone from this row and from every copy made of it before.
    sealed_key = models.BinaryField(null=True)
    sealed_address = models.BinaryField(null=True)
    address_index = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001
    language = models.CharField(max_length=12)
    mail_profile = models.CharField(max_length=8, choices=MailProfile, default=MailProfile.NORMAL)
    link_shown_at = models.DateTimeField(null=True, blank=True)  # to whoever wants no mail
    bounced_on = models.DateField(null=True, blank=True)  # since when mail to them comes back
    created_at = models.DateTimeField()

    objects = SupporterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="supporter_address_is_there_or_forgotten_as_a_whole",
                condition=Q(
                    sealed_key__isnull=False,
                    sealed_address__isnull=False,
                    address_index__isnull=False,
                )
                | Q(
                    sealed_key__isnull=True,
                    sealed_address__isnull=True,
                    address_index__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="supporter_mail_profile_is_one_of_ours",
                condition=Q(mail_profile__in=["normal", "neutral", "none"]),
            ),
            models.CheckConstraint(
                name="supporter_bounces_only_with_an_address",
                condition=Q(bounced_on=None) | Q(address_index__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"supporter {self.public_id}"

    @property
    def has_address(self) -> bool:
        return self.sealed_address is not None

    @property
    def address(self) -> str:
        """Empty once it was forgotten."""
        if self.sealed_key is None or self.sealed_address is None:
            return ""
        return Vault([vault().open(bytes(self.sealed_key))]).open(bytes(self.sealed_address))

    @property
    def wants_mail(self) -> bool:
        return self.has_address and self.mail_profile != MailProfile.NONE

    @property
    def is_beyond_mail(self) -> bool:
        """Whether no link could be sent to them: they want no mail, and no address is kept."""
        return not self.has_address and self.mail_profile == MailProfile.NONE

    def choose_mail(self, profile: MailProfile) -> None:
        Supporter.objects.filter(pk=self.pk).update(mail_profile=profile)
        self.refresh_from_db()

    def note_arrival(self, *, mailed_on: date) -> None:
        """A mail of that day reached them: what came back before it says nothing any more."""
        Supporter.objects.filter(pk=self.pk, bounced_on__lte=mailed_on).update(bounced_on=None)
        self.refresh_from_db()

    def take_link(self, *, now: datetime) -> bool:
        """True once: for whoever is to be shown the link to their page."""
        rows = Supporter.objects.filter(pk=self.pk, link_shown_at=None)
        was_first = bool(rows.update(link_shown_at=now))
        self.refresh_from_db()
        return was_first

    def hold(self) -> None:
        """Read the row again, and let nobody change it before this transaction ends."""
        self.refresh_from_db(from_queryset=Supporter.objects.select_for_update(no_key=True))

    def erase(self) -> None:
        """Forget the address for good. What was given stays in the books: sum, currency, day."""
        Supporter.objects.filter(pk=self.pk).update(
            sealed_key=None, sealed_address=None, address_index=None, bounced_on=None
        )
        self.refresh_from_db()


def address_index(address: str) -> str:
    return blind_index(f"supporter {address.strip().lower()}")
