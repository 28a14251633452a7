from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from tamizdat.funding.models.pledge import Pledge
from tamizdat.funding.models.supporter import Supporter
from tamizdat.payments.models import Charge

# Longer than any mail server is waited for: whoever claimed it that long ago has crashed.
CLAIM_LIFETIME = timedelta(minutes=10)
FIRST_REST, LONGEST_REST = timedelta(minutes=10), timedelta(days=1)  # of one that is not taken
MOST_TRIES = 20  # a fortnight, with these rests
OF_A_CHARGE = ["receipt", "refunded", "returned", "begin"]


class LetterQuerySet(models.QuerySet["Letter"]):
    def write(
        self,
        kind: "Letter.Kind",
        supporter: Supporter,
        *,
        pledge: Pledge | None = None,
        charge: Charge | None = None,
        at: datetime,
    ) -> None:
        """To be sent, if they want mail at all."""
        if supporter.wants_mail:
            self.create(kind=kind, supporter=supporter, pledge=pledge, charge=charge, created_at=at)

    def ask_anew(
        self, kind: "Letter.Kind", supporter: Supporter, *, at: datetime, **of: Any
    ) -> None:
        """One that its reader asked for, also of who wants no mail; one that rests is woken."""
        self.update_or_create(
            kind=kind,
            supporter=supporter,
            **of,
            defaults={"not_before": None},
            create_defaults={"created_at": at},
        )

    def waiting(self, *, now: datetime) -> Self:
        """What may be sent now, and no living worker is sending, oldest first."""
        is_free = Q(claimed_at=None) | Q(claimed_at__lte=now - CLAIM_LIFETIME)
        is_awake = Q(not_before=None) | Q(not_before__lte=now)
        return self.filter(is_free, is_awake).order_by("pk")


class Letter(models.Model):
    """A mail that waits to be sent. Written with what it tells of; deleted when it is sent."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt"
        FAILED = "failed"
        LAPSED = "lapsed"
        CHANGED = "changed"
        PAUSED = "paused"
        RESUMED = "resumed"
        STOPPED = "stopped"
        LINK = "link"
        MOVED = "moved"  # another day, or month and year
        CARD = "card"  # another one is kept
        CONFIRM = "confirm"  # the bank wants to hear from its reader
        EXPIRING = "expiring"
        REFUNDED = "refunded"
        RETURNED = "returned"  # what was given back did not arrive, and is ours again
        BEGIN = "begin"  # a gift that its giver must confirm before the bank is opened

    kind = models.CharField(max_length=8, choices=Kind)
    supporter = models.ForeignKey(Supporter, models.CASCADE, related_name="letters")
    pledge = models.ForeignKey(
        Pledge, models.CASCADE, null=True, blank=True, related_name="letters"
    )
    charge = models.ForeignKey(
        Charge, models.CASCADE, null=True, blank=True, related_name="letters"
    )
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)  # by a worker that is sending it
    not_before = models.DateTimeField(null=True, blank=True)  # it was not taken
    tries = models.PositiveSmallIntegerField(default=0)  # that came to nothing

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letter_kind_is_one_of_ours",
                condition=Q(
                    kind__in=[
                        "receipt",
                        "failed",
                        "lapsed",
                        "changed",
                        "paused",
                        "resumed",
                        "stopped",
                        "link",
                        "moved",
                        "card",
                        "confirm",
                        "expiring",
                        "refunded",
                        "returned",
                        "begin",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="letter_tells_of_a_pledge_or_a_charge",
                condition=Q(kind="link")
                | Q(kind__in=OF_A_CHARGE, charge__isnull=False)
                | ~Q(kind__in=OF_A_CHARGE) & Q(pledge__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.supporter}"

    @property
    def is_tried_out(self) -> bool:
        """Whether the try that is being made is the last."""
        return self.tries + 1 >= MOST_TRIES

    def claim(self, *, now: datetime) -> bool:
        """True for the one worker that is to send it now."""
        # One UPDATE: of two workers here one sends. After a crash another one does, perhaps twice:
        # a second receipt harms less than a lost link to stop.
        mine = Letter.objects.waiting(now=now).filter(pk=self.pk)
        return bool(mine.update(claimed_at=now))

    def rest(self, *, now: datetime) -> None:
        """It was not sent, and is tried again: each time after twice as long."""
        longer = 2 ** min(self.tries, 10)
        Letter.objects.filter(pk=self.pk).update(
            claimed_at=None,
            not_before=now + min(longer * FIRST_REST, LONGEST_REST),
            tries=F("tries") + 1,
        )
