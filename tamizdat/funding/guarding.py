"""The gate before a bank: who may begin a gift at once, and who is asked for something first.

Two things open it. Work of the giver's browser, which is cheap for one gift and dear for ten
thousand; and a mailbox, which is dearer. While stolen cards are being tried, only the mailbox does.
Nothing here knows where a reader is.
"""

from datetime import datetime, timedelta
from enum import Enum

from django.db import transaction

from tamizdat.funding import confirming, giving, methods, proving
from tamizdat.funding.giving import Gift
from tamizdat.funding.models import Supporter
from tamizdat.funding.models.supporter import address_index
from tamizdat.funding.proving import Proof
from tamizdat.payments import breaking, limiting
from tamizdat.payments.breaking import RISK, TOO_OFTEN
from tamizdat.payments.errors import Vetoed
from tamizdat.payments.limiting import Limit
from tamizdat.payments.models import Attempt, Breaker, Charge

CROWDED = "crowded"  # why a card was not asked: too many are refused, confirm by mail first
BY_MAIL = frozenset([CROWDED, RISK])  # what a mailbox helps against

OF_A_GIFT = Limit("gift", 5, timedelta(minutes=20))
OF_A_SUPPORTER = Limit("supporter", 5, timedelta(hours=5))  # cards named from their own page
OF_AN_ADDRESS = Limit("address", 6, timedelta(minutes=20))
AT_ALL = Limit("starts", 120, timedelta(seconds=1))  # of one provider
# The same of those where nobody names a card, for whoever shows no work: as without JavaScript.
WITHOUT_WORK = Limit("starts without work", 30, timedelta(seconds=20))
PROBES = Limit("probes", 5, timedelta(minutes=1))  # of one provider, half open
# Tries, less those that went well; of a domain of mail, half open: thousands of mailboxes are cheap
# where they are all at one's own.
OF_A_DOMAIN = Limit("domain", 2, timedelta(hours=2))
OF_A_CARD = Limit("card", 5, timedelta(minutes=90))
OF_A_COUNTRY = Limit("country", 10, timedelta(minutes=6))
# Mails to people who may not have asked: those behind work, and those behind nothing.
MAILS_TO_ONE = Limit("mails to one", 3, timedelta(hours=8))
MAILS_AFTER_WORK = Limit("mails after work", 120, timedelta(seconds=2))
MAILS = Limit("mails", 60, timedelta(seconds=20))
MAILS_TO_A_DOMAIN = Limit("mail domain", 20, timedelta(minutes=3))
# Both longer than a page is open, so that what is refused stays so until it is closed.
ONCE_EACH = Limit("attempt", 1, timedelta(days=7))
REFUSED = Limit("refused", 1, timedelta(days=7))  # of an attempt, by reason
OUTWEIGHED = "elevated"  # the risk that a mailbox outweighs; what is above is refused


class NotNow(Exception):
    """Nothing can be begun through this provider for a while, or for this gift."""


class Step(Enum):
    GO = "go"
    WORK = "work"  # once more, and harder perhaps
    MAIL = "mail"  # a link is to be mailed
    ADDRESS = "address"  # the same, and we need to know where to
    LATER = "later"


def begin(gift: Gift, *, provider: str, proof: str, now: datetime) -> Step:
    """What whoever asks for `gift` has to do next. Another sum is another gift."""
    charge = giving.known(gift)
    if charge and confirming.is_under_way(charge.reference):  # pressed twice: to the same page
        return Step.GO
    words = {"reference": gift.reference, "address": gift.address}
    return _step(**words, provider=provider, proof=proof, now=now)


def begin_again(charge: Charge, *, proof: str, now: datetime) -> Step:
    """The same, after a try that went wrong. Who confirmed by mail need not do so again."""
    attempt, supporter = charge.latest_attempt, giving.supporter_of(charge)
    if charge.state != Charge.State.FAILED:  # paid, or under way: nothing new would be begun
        return Step.GO
    if confirming.is_confirmed(charge, now=now):
        try:
            go_on(charge, provider=attempt.provider, now=now)
        except NotNow:
            return Step.LATER
        return Step.GO
    return _step(
        reference=charge.reference,
        provider=attempt.provider,
        proof=proof,
        address=supporter.address if supporter else "",
        now=now,
    )


def go_on(charge: Charge, *, provider: str, now: datetime) -> None:
    """Whoever has confirmed by mail may, unless it is turned off. Raises NotNow."""
    if confirming.is_under_way(charge.reference):
        return
    breaker = breaking.look(provider, now=now)
    if breaker.is_off or not limiting.spend(OF_A_GIFT, charge.reference, now=now):
        raise NotNow(provider)
    if breaker.state == Breaker.State.HALF_OPEN:
        # Looked at first: who comes in a crowded minute has not used up what their domain has.
        is_let = limiting.is_left(PROBES, provider, now=now) and limiting.spend(
            OF_A_DOMAIN, _domain_of(charge), now=now
        )
        if not (is_let and limiting.spend(PROBES, provider, now=now)):
            raise NotNow(provider)


def admit(supporter: Supporter, *, provider: str, now: datetime) -> None:
    """From their own page they may name a card anew, a few times a day. Raises NotNow.

    Not so while it is turned off: somebody who tries cards may have such a page too.
    """
    is_off = breaking.look(provider, now=now).is_off
    if is_off or not limiting.spend(OF_A_SUPPORTER, str(supporter.pk), now=now):
        raise NotNow(provider)


def refuse(attempt: Attempt, *, issuer_country: str, card: str, risk: str, now: datetime) -> None:
    """Look at the card that was named, before its bank hears of it. Raises Vetoed.

    Of gifts begun by a reader only: a pledge that is charged without its reader is no test.
    """
    if not attempt.return_url:
        return
    has_mailbox = confirming.is_confirmed(attempt.charge, now=now)
    if risk and not (has_mailbox and risk == OUTWEIGHED):
        raise Vetoed(RISK)
    named = {"issuer_country": issuer_country, "card": card}
    if reason := _refusal(attempt, **named, has_mailbox=has_mailbox, now=now):
        raise Vetoed(reason)


def rejoice(attempt: Attempt, *, issuer_country: str, card: str) -> None:
    """A gift went well: what counts against its card and its country is what does not."""
    if not attempt.return_url:
        return
    if card:
        limiting.give_back(OF_A_CARD, f"{attempt.provider} {card}")
    # Its own try, and one that went wrong: of a country, up to half of all may.
    limiting.give_back(OF_A_COUNTRY, _country(attempt, issuer_country), count=2)
    limiting.give_back(OF_A_DOMAIN, _domain_of(attempt.charge), count=2)


@transaction.atomic
def _refusal(
    attempt: Attempt, *, issuer_country: str, card: str, has_mailbox: bool, now: datetime
) -> str:
    """Why this attempt is refused, the same each time it is asked; empty if it is not.

    Judged once: the page, the webhook and the worker may look at it at the same time. Who comes
    second waits for the first to commit, and a refusal outlives a bank that could not be told.
    """
    if not limiting.spend(ONCE_EACH, attempt.idempotency_key, now=now):
        return _refused_before(attempt, now=now)
    reason = _judge(
        attempt, issuer_country=issuer_country, card=card, has_mailbox=has_mailbox, now=now
    )
    if reason:
        limiting.spend(REFUSED, f"{reason} {attempt.idempotency_key}", now=now)
    return reason


def _refused_before(attempt: Attempt, *, now: datetime) -> str:
    for reason in (CROWDED, TOO_OFTEN):
        if not limiting.is_left(REFUSED, f"{reason} {attempt.idempotency_key}", now=now):
            return reason
    return ""


def _judge(
    attempt: Attempt, *, issuer_country: str, card: str, has_mailbox: bool, now: datetime
) -> str:
    if not has_mailbox and breaking.look(attempt.provider, now=now).is_off:
        return CROWDED
    if card and not limiting.spend(OF_A_CARD, f"{attempt.provider} {card}", now=now):
        return TOO_OFTEN
    of = _country(attempt, issuer_country)
    if not limiting.spend(OF_A_COUNTRY, of, now=now) and not has_mailbox:
        return CROWDED
    return ""


def _country(attempt: Attempt, issuer_country: str) -> str:
    return f"{attempt.provider} {issuer_country}"


def _domain_of(charge: Charge) -> str:
    supporter = giving.supporter_of(charge)
    return _domain(supporter.address) if supporter else ""


def _step(*, reference: str, provider: str, proof: str, address: str, now: datetime) -> Step:
    """Of what has no page of the bank yet."""
    shown = proving.judge(proof, reference=reference, now=now)
    if shown is Proof.STALE:
        return Step.WORK
    has_worked = shown is Proof.GOOD
    of = {"provider": provider, "address": address}
    if methods.is_blind(provider):  # nobody names a card there: no breaker, and no mailbox
        lane = AT_ALL if has_worked else WITHOUT_WORK
        return Step.GO if _has_room(reference, **of, lane=lane, now=now) else Step.LATER
    if has_worked and _may_begin(reference, **of, now=now):
        return Step.GO
    return _by_mail(address, has_worked=has_worked, now=now)


def _needs_mail(reference: str) -> bool:
    last = Attempt.objects.filter(charge__reference=reference).order_by("-number").first()
    return last is not None and last.reason in BY_MAIL


def _may_begin(reference: str, *, provider: str, address: str, now: datetime) -> bool:
    """At once, after work alone."""
    return (
        breaking.look(provider, now=now).state == Breaker.State.CLOSED
        and not _needs_mail(reference)
        and _has_room(reference, provider=provider, address=address, lane=AT_ALL, now=now)
    )


# What is counted for all comes first and last, so that a row is written only for what may begin.
def _has_room(reference: str, *, provider: str, address: str, lane: Limit, now: datetime) -> bool:
    return (
        limiting.is_left(lane, provider, now=now)
        and limiting.spend(OF_A_GIFT, reference, now=now)
        and (not address or limiting.spend(OF_AN_ADDRESS, address_index(address), now=now))
        and limiting.spend(lane, provider, now=now)
    )


def _by_mail(address: str, *, has_worked: bool, now: datetime) -> Step:
    if not address:
        return Step.ADDRESS
    lane = MAILS_AFTER_WORK if has_worked else MAILS
    may_be_sent = (
        limiting.is_left(lane, now=now)
        and (has_worked or limiting.spend(MAILS_TO_A_DOMAIN, _domain(address), now=now))
        and limiting.spend(MAILS_TO_ONE, address_index(address), now=now)
        and limiting.spend(lane, now=now)
    )
    return Step.MAIL if may_be_sent else Step.LATER


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
