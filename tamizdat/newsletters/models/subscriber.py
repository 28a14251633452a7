"""Who wishes the newsletter: an encrypted address and a language, nothing else."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import Q

from tamizdat.outlet.vault import blind_index, vault

SIGN_UP_LIFETIME = timedelta(days=3)  # how long a link to confirm works
# Longer than any mail server is waited for: whoever claimed it that long ago has crashed.
CLAIM_LIFETIME = timedelta(minutes=10)


def new_public_id() -> str:
    return secrets.token_urlsafe(12)


def address_index(address: str) -> str:
    return blind_index(f"newsletter {address.strip().casefold()}")


class Addressed(models.Model):
    """An address of a reader, sealed."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    index = models.CharField(max_length=64, unique=True)  # keyed: finds the address, never tells it
    sealed_address = models.BinaryField()
    language = models.CharField(max_length=20)

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        return vault().open(bytes(self.sealed_address))


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def to_be_mailed(self, *, now: datetime) -> Self:
        is_free = Q(claimed_at=None) | Q(claimed_at__lte=now - CLAIM_LIFETIME)
        return self.filter(is_free, is_mailed=False).order_by("pk")

    def expired(self, *, now: datetime) -> Self:
        return self.filter(asked_at__lte=now - SIGN_UP_LIFETIME)


class SignUp(Addressed):
    """Someone typed an address. Whether it is theirs shows when the link in a mail is used."""

    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)  # by a worker that writes to it
    is_mailed = models.BooleanField(default=False)

    objects = SignUpQuerySet.as_manager()

    def __str__(self) -> str:
        return f"sign-up {self.public_id}"

    def claim(self, *, now: datetime) -> bool:
        """True for the one worker that is to write now.

        After a crash another one does, perhaps twice: nobody can confirm by a mail that was lost.
        """
        free = SignUp.objects.to_be_mailed(now=now).filter(pk=self.pk, asked_at=self.asked_at)
        with transaction.atomic(durable=True):
            return bool(free.update(claimed_at=now))


class Subscriber(Addressed):
    """Someone who confirmed."""

    confirmed_on = models.DateField()

    def __str__(self) -> str:
        return f"subscriber {self.public_id}"
