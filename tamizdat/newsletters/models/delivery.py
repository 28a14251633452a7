"""An issue on its way to one subscriber. Deleted with all others once the issue has gone out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from tamizdat.newsletters.models.issue import Issue
from tamizdat.newsletters.models.subscriber import Subscriber

# Longer than a worker takes for a batch: whoever claimed it that long ago has crashed.
CLAIM_LIFETIME = timedelta(minutes=15)
MOST_TRIES = 5


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def begin(self, issue: Issue, subscribers: Sequence[int]) -> None:
        """One for each of these primary keys of subscribers."""
        rows = (Delivery(issue=issue, subscriber_id=pk) for pk in subscribers)
        self.bulk_create(rows, batch_size=2_000)

    def waiting(self, *, now: datetime) -> Self:
        """What nobody has tried to hand over, and no living worker is about to."""
        is_free = Q(claimed_at=None) | Q(claimed_at__lte=now - CLAIM_LIFETIME)
        return self.filter(is_free, state=Delivery.State.WAITING)

    def unsettled(self, *, now: datetime) -> Self:
        """What is still to be told of: it waits, or a living worker is handing it over."""
        is_alive = Q(claimed_at__gt=now - CLAIM_LIFETIME)
        return self.filter(
            Q(state=Delivery.State.WAITING) | Q(is_alive, state=Delivery.State.HANDING)
        )

    def claim(self, *, by: str, most: int, now: datetime) -> "list[Delivery]":
        """So many for the worker `by` alone. A claim of one that has crashed is another's later."""
        pks = list(self.waiting(now=now).order_by("pk").values_list("pk", flat=True)[:most])
        # One UPDATE: of two workers that saw the same rows each gets some.
        self.waiting(now=now).filter(pk__in=pks).update(claim=by, claimed_at=now)
        claimed = self.filter(claim=by, state=Delivery.State.WAITING, pk__in=pks)
        return list(claimed.select_related("subscriber").order_by("pk"))

    def let_go(self, *, by: str) -> None:
        """What a worker claimed and did not come to."""
        mine = self.filter(claim=by, state=Delivery.State.WAITING)
        mine.update(claim="", claimed_at=None)


class Delivery(models.Model):
    """Only ever handed over once: it is marked before, and what is marked is never tried again."""

    class State(models.TextChoices):
        WAITING = "waiting"
        HANDING = "handing"  # the mail server has it, or may have
        TAKEN = "taken"  # and says so
        REFUSED = "refused"

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    claim = models.CharField(max_length=24, blank=True)  # of one worker, for one batch
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["issue", "state", "id"], name="delivery_to_be_made")]
        constraints = [
            models.UniqueConstraint(fields=["issue", "subscriber"], name="delivery_once"),
            models.CheckConstraint(
                name="delivery_state_is_one_of_ours",
                condition=Q(state__in=["waiting", "handing", "taken", "refused"]),
            ),
        ]

    def __str__(self) -> str:
        return f"issue {self.issue_id} to {self.subscriber_id}"

    def mark_handing(self) -> bool:
        """True for the worker that claimed it, unless the subscriber has left meanwhile."""
        return self._move("waiting", Delivery.State.HANDING)

    def mark_taken(self) -> None:
        self._move("handing", Delivery.State.TAKEN)

    def mark_refused(self) -> None:
        self._move("handing", Delivery.State.REFUSED)

    def put_back(self, *, since: datetime | None = None) -> None:
        """The mail server certainly has not got it. Tried too often, it is refused.

        It rests for a claim's lifetime from `since` on, or can be tried at once.
        """
        open_states = (Delivery.State.WAITING, Delivery.State.HANDING)
        mine = Delivery.objects.filter(pk=self.pk, claim=self.claim, state__in=open_states)
        tried = {"tries": F("tries") + 1, "claim": "", "claimed_at": since}
        if not mine.filter(tries__lt=MOST_TRIES - 1).update(state="waiting", **tried):
            mine.update(state="refused", **tried)

    def _move(self, before: str, state: "Delivery.State") -> bool:
        mine = Delivery.objects.filter(pk=self.pk, claim=self.claim, state=before)
        return bool(mine.update(state=state))
