"""An issue goes out: to each subscriber once, and never twice, whatever breaks.

See docs/adr/0014: a delivery is marked before the mail server is given it.
"""

import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import translation

from tamizdat.funding.addresses import absolute_address
from tamizdat.lib.vault import CannotOpen
from tamizdat.newsletters import composing, links
from tamizdat.newsletters.models import Delivery, Issue, Subscriber
from tamizdat.outlet import handing, mailing
from tamizdat.outlet.handing import Line
from tamizdat.payments import limiting
from tamizdat.payments.limiting import Limit

BATCH = 200  # in one round of the worker: other chores wait for it
REST = timedelta(minutes=5)  # for a mail server that takes nothing

logger = logging.getLogger(__name__)


class _TooFast(Exception):
    """As many have gone as may go in a minute."""


def send_due(*, now: datetime) -> int:
    """Let out what is due, and hand over a batch of what is out. How many were taken."""
    for issue in Issue.objects.due(now=now):
        set_out(issue, now=now)
    awake = Q(not_before=None) | Q(not_before__lte=now)
    return sum(_send_some(issue, now=now) for issue in Issue.objects.out().filter(awake))


def set_out(issue: Issue, *, now: datetime) -> bool:
    """Write it as it will stay, to everyone who is on the list now. False if another did.

    One that cannot go becomes a draft again.
    """
    try:
        written = composing.write(issue)
    except composing.CannotGo as error:
        logger.warning("newsletter %s became a draft again: %s", issue.pk, error)
        issue.move_to(Issue.State.DRAFT, send_at=None)
        return False
    with transaction.atomic():
        as_it_is = {"html": written.html, "text": written.text, "set_out_at": now}
        if not issue.move_to(Issue.State.OUT, **as_it_is):
            return False
        wishing = Subscriber.objects.filter(language=issue.language).order_by("pk")
        Delivery.objects.begin(issue, list(wishing.values_list("pk", flat=True)))
    return True


def stop(issue: Issue, *, now: datetime) -> bool:
    """Nobody else gets it. What the mail server has, it has."""
    if issue.move_to(Issue.State.DRAFT, send_at=None):
        return True
    with transaction.atomic():
        return _end(issue, Issue.State.STOPPED, now=now)


def try_out(issue: Issue, *, address: str) -> None:
    """Mail it to one of us, as it would go now. Raises CannotGo, and MailNotSent."""
    written = composing.write(issue)
    with translation.override(issue.language):
        link = absolute_address("newsletters:sign_up")
    mail = mailing.written(
        to=address,
        subject=issue.subject,
        text=written.text.replace(composing.LEAVE, link),
        html=written.html.replace(composing.LEAVE, link),
    )
    handing.send(mail)


def figures(issue: Issue) -> dict[str, int]:
    """How many deliveries are in each state, by its name."""
    counts = {each: Count("pk", filter=Q(state=each)) for each in Delivery.State.values}
    found = dict(issue.deliveries.aggregate(**counts))
    found["taken"] += issue.taken_count
    found["refused"] += issue.refused_count
    found["handing"] += issue.doubtful_count
    return found


def _send_some(issue: Issue, *, now: datetime) -> int:
    by = secrets.token_urlsafe(12)
    batch = issue.deliveries.claim(by=by, most=BATCH, now=now)
    if not batch:
        if not issue.deliveries.unsettled(now=now).exists():
            with transaction.atomic():
                _end(issue, Issue.State.SENT, now=now)
        return 0
    is_well = False
    try:
        with handing.connected() as line:
            taken = _send_all(issue, batch, line, now=now)
        is_well = True
    except (handing.NotNow, handing.InDoubt) as error:
        logger.warning("newsletter %s rests: %s", issue.pk, type(error).__name__)
        return 0
    finally:
        issue.deliveries.let_go(by=by)
        if not is_well:
            Issue.objects.filter(pk=issue.pk).update(not_before=now + REST)
    return taken


def _send_all(issue: Issue, batch: list[Delivery], line: Line, *, now: datetime) -> int:
    """Until one tells that nothing more is to be had now. Raises NotNow, and InDoubt."""
    taken = in_a_row = 0
    for delivery in batch:
        mail = _mail(issue, delivery, now=now)
        try:
            if not _mark(delivery, now=now):
                continue
        except _TooFast:
            break
        is_taken = _hand_over(delivery, mail, line, now=now)
        taken, in_a_row = taken + is_taken, 0 if is_taken else in_a_row + 1
        if in_a_row == handing.MOST_IN_A_ROW:
            raise handing.NotNow("nothing is taken any more")
    return taken


@transaction.atomic(durable=True)
def _mark(delivery: Delivery, *, now: datetime) -> bool:
    """Durable before the mail server hears of it. Raises _TooFast."""
    rate = settings.NEWSLETTER_PER_MINUTE
    limit = Limit("newsletter", burst=rate, every=timedelta(minutes=1) / rate)
    if not limiting.spend(limit, now=now):
        raise _TooFast
    return delivery.mark_handing()


def _hand_over(delivery: Delivery, mail: EmailMessage, line: Line, *, now: datetime) -> bool:
    try:
        handing.hand_over(mail, line)
    except mailing.NobodyThere:
        _count_refused(delivery)
    except handing.Refused:
        delivery.mark_refused()
    except handing.Later:
        delivery.put_back(since=now)
    except handing.NotNow:
        delivery.put_back()
        raise
    else:
        delivery.mark_taken()
        return True
    return False


@transaction.atomic
def _count_refused(delivery: Delivery) -> None:
    """With its address the delivery may go: it is counted before."""
    Issue.objects.filter(pk=delivery.issue_id).update(refused_count=F("refused_count") + 1)
    delivery.delete()


def _mail(issue: Issue, delivery: Delivery, *, now: datetime) -> EmailMessage:
    subscriber = delivery.subscriber
    try:
        address = subscriber.address
    except CannotOpen:  # the key is missing, of this one or of all: an operator has to look
        delivery.put_back(since=now)
        raise handing.NotNow("an address cannot be opened") from None
    with translation.override(issue.language):
        token = links.to_page_of(subscriber.public_id)
        leave_address = absolute_address("newsletters:yours", token)
    domain = mailing.domain_of(settings.DEFAULT_FROM_EMAIL)
    return mailing.written(
        to=address,
        subject=issue.subject,
        text=issue.text.replace(composing.LEAVE, leave_address),
        html=issue.html.replace(composing.LEAVE, leave_address),
        sender=settings.NEWSLETTER_BOUNCES,
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "List-Id": f"<newsletter-{issue.language}.{domain}>",
            "List-Unsubscribe": f"<{leave_address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _end(issue: Issue, state: str, *, now: datetime) -> bool:
    """Keep how many got it, and no longer who."""
    issue.refresh_from_db()
    counts = figures(issue)
    sums = {"taken_count": counts["taken"], "refused_count": counts["refused"]}
    sums["doubtful_count"] = counts["handing"]
    if not issue.move_to(state, ended_at=now, **sums):
        return False
    issue.deliveries.all().delete()
    return True
