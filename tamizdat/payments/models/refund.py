from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from tamizdat.lib.money import Money
from tamizdat.payments.models.charge import Charge

QUIET = timedelta(minutes=5)  # how long whoever asked may wait for the answer
REMEMBERED = timedelta(days=60)  # how long the desk tells of one that came back


class RefundQuerySet(models.QuerySet["Refund"]):
    def not_tried_again(self) -> Self:
        """Those that failed, of charges of which nothing was given back since."""
        later = Refund.objects.filter(
            charge=OuterRef("charge"),
            state__in=[Refund.State.SENT, Refund.State.SUCCEEDED],
            created_at__gte=OuterRef("failed_at"),
        )
        return self.filter(state=Refund.State.FAILED).exclude(Exists(later))

    def failed_lately(self, *, now: datetime) -> Self:
        """Of those, what the desk still tells of."""
        return self.not_tried_again().filter(failed_at__gt=now - REMEMBERED)

    def quiet(self, *, now: datetime) -> Self:
        """Those that nobody answered, and nobody asked about for a while."""
        asked_at = Coalesce(F("checked_at"), F("created_at"))
        sent = self.filter(state=Refund.State.SENT)
        return sent.alias(asked_at=asked_at).filter(asked_at__lte=now - QUIET)


class Refund(models.Model):
    """Money given back. Its sum is reserved in `Charge.refunded_minor` before anyone is asked, and
    free again when it was refused or came back.
    """

    class State(models.TextChoices):
        SENT = "sent"  # outcome unknown until the provider says so: ask again, with the same key
        SUCCEEDED = "succeeded"
        REFUSED = "refused"
        FAILED = "failed"  # it went, and came back: it did not reach its giver

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="refunds")
    idempotency_key = models.CharField(max_length=80, unique=True)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    remote_id = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)  # why, for those who read the books
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)  # when we heard of it

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["charge", "remote_id"],
                condition=~Q(remote_id=""),
                name="refund_remote_id_is_its_own",
            ),
            models.CheckConstraint(
                name="refund_state_is_one_of_ours",
                condition=Q(state__in=["sent", "succeeded", "refused", "failed"]),
            ),
            models.CheckConstraint(
                name="refund_gives_something_back", condition=Q(amount_minor__gt=0)
            ),
            models.CheckConstraint(
                name="refund_that_succeeded_is_known_by_name",
                condition=~Q(state__in=["succeeded", "failed"]) | ~Q(remote_id=""),
            ),
            models.CheckConstraint(
                name="refund_failed_at_agrees_with_state",
                condition=Q(state="failed", failed_at__isnull=False)
                | (~Q(state="failed") & Q(failed_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"refund {self.pk} of {self.charge}"

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.charge.currency)

    def claim(self, *, now: datetime) -> bool:
        """True for the one who is to ask for it now: nobody did yet, or for a while.

        Where keys are not known, two who ask are given two.
        """
        rows = Refund.objects.filter(pk=self.pk, state=self.State.SENT)
        is_quiet = Q(checked_at=None) | Q(checked_at__lte=now - QUIET)
        return bool(rows.filter(is_quiet).update(checked_at=now))
