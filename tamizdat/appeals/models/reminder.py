"""One address, one month, at most two mails; then nothing, or the same a year later."""

from datetime import date, datetime, timedelta
from typing import Self

from django.db import models, transaction
from django.utils import timezone

from tamizdat.lib.money import Money
from tamizdat.outlet.models import MailProfile
from tamizdat.outlet.vault import vault

MAILS = 2
BETWEEN_MAILS = timedelta(days=7)
BETWEEN_LINKS = timedelta(days=1)
CLAIM_LIFETIME = timedelta(hours=1)  # longer than a round: whoever claimed it then has crashed


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def due(self, *, now: datetime) -> Self:
        """Those whose month has come, and those whose only mail so far is a week old."""
        month_came = models.Q(sent_count=0, month__lte=timezone.localdate(now))
        week_passed = models.Q(sent_count=1, sent_at__lte=now - BETWEEN_MAILS)
        return self.filter(month_came | week_passed).order_by("pk")

    def finished(self) -> Self:
        """Those that had both mails, or whose last one is being handed over."""
        return self.filter(sent_count=MAILS).order_by("pk")

    def left_finished(self, *, now: datetime) -> Self:
        """Those that a worker had no time to end, because it was killed."""
        return self.finished().filter(sent_at__lte=now - CLAIM_LIFETIME)

    def wanting_link(self, *, now: datetime) -> Self:
        """Those whose reader waits for a new link. One a day is enough for anybody."""
        is_time = models.Q(link_sent_at=None) | models.Q(link_sent_at__lte=now - BETWEEN_LINKS)
        return self.filter(is_time, wants_link=True).order_by("pk")


class Reminder(models.Model):
    """A wish to be asked again. Nothing else is known of the one who wished it."""

    index = models.CharField(max_length=64, unique=True)  # keyed: finds the address, never tells it
    sealed_address = models.BinaryField()
    language = models.CharField(max_length=20)
    mail_profile = models.CharField(max_length=8, choices=MailProfile, default=MailProfile.NORMAL)
    month = models.DateField()  # its first day
    is_yearly = models.BooleanField(default=False)  # in that month of every year
    is_after_gift = models.BooleanField(default=False)  # wished by someone who had just given
    amount_minor = models.PositiveBigIntegerField(null=True)  # the gift they had in mind, if any
    currency = models.CharField(max_length=3, blank=True)
    interval = models.CharField(max_length=10, blank=True)
    sent_count = models.PositiveSmallIntegerField(default=0)  # this time
    sent_at = models.DateTimeField(null=True)
    wants_link = models.BooleanField(default=False)  # theirs has become too old
    link_sent_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_count__range=(0, MAILS)), name="reminder_two_mails_at_most"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_count=0, sent_at=None)
                | models.Q(sent_count__gt=0, sent_at__isnull=False),
                name="reminder_sent_at_agrees_with_count",
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="reminder_month_is_a_first_day"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor=None, currency="", interval="")
                | (models.Q(amount_minor__gt=0) & ~models.Q(currency="") & ~models.Q(interval="")),
                name="reminder_gift_is_whole_or_absent",
            ),
            models.CheckConstraint(
                condition=models.Q(mail_profile__in=["normal", "neutral", "none"]),
                name="reminder_mail_profile_is_one_of_ours",
            ),
        ]

    def __str__(self) -> str:
        return f"reminder for {self.month:%Y-%m}"

    @property
    def address(self) -> str:
        return vault().open(bytes(self.sealed_address))

    @property
    def money(self) -> Money | None:
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)

    def claim(self, *, now: datetime) -> bool:
        """Count the next mail as sent. False if another worker did, or the reader forgot it.

        Also if its reader has wished it anew with another month or mail: the next round reads it.

        Committed before the mail goes: a crash in between loses a mail, and never sends a third.
        """
        as_it_was = Reminder.objects.filter(
            pk=self.pk,
            sent_count=self.sent_count,
            month=self.month,
            mail_profile=self.mail_profile,
        )
        with transaction.atomic(durable=True):
            return bool(as_it_was.update(sent_count=self.sent_count + 1, sent_at=now))

    def put_back(self, *, claimed_at: datetime) -> None:
        """The mail server certainly has not got the mail that was claimed. It is due again."""
        as_claimed = Reminder.objects.filter(
            pk=self.pk, sent_count=self.sent_count + 1, sent_at=claimed_at
        )
        as_claimed.update(sent_count=self.sent_count, sent_at=self.sent_at)

    def rest_until(self, month: date) -> None:
        """After both mails. Of two workers that do it, one does."""
        as_it_was = Reminder.objects.filter(pk=self.pk, sent_count=MAILS, month=self.month)
        as_it_was.update(month=month, sent_count=0, sent_at=None)

    def claim_link(self, *, now: datetime) -> bool:
        """Count the new link as sent, before it goes, as `claim` does."""
        waiting = Reminder.objects.filter(pk=self.pk, wants_link=True)
        with transaction.atomic(durable=True):
            return bool(waiting.update(wants_link=False, link_sent_at=now))

    def put_back_link(self, *, claimed_at: datetime) -> None:
        """The mail server certainly has not got the link that was claimed. It is waited for."""
        as_claimed = Reminder.objects.filter(pk=self.pk, link_sent_at=claimed_at)
        as_claimed.update(wants_link=True, link_sent_at=self.link_sent_at)


class LeftAlone(models.Model):
    """An address that must never be written to again: its keyed index, not the address."""

    index = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name_plural = "left alone"

    def __str__(self) -> str:
        return "an address left alone"


class ReminderTally(models.Model):
    """How many reminders it happened to in a month. Nothing leads from here to any of them."""

    class What(models.TextChoices):
        WISHED = "wished", "Wished"
        MAILED = "mailed", "First mail sent"
        GAVE = "gave", "Gave after a mail"
        FORGOTTEN = "forgotten", "Forgotten by their readers"

    month = models.DateField()  # its first day
    what = models.CharField(max_length=9, choices=What)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "reminder tallies"
        constraints = [
            models.UniqueConstraint(fields=["month", "what"], name="reminder_tally_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.what} in {self.month:%Y-%m}"
