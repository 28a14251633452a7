"""Finding out what became of an attempt, and putting it in the books."""

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from tamizdat.ledger import books
from tamizdat.ledger.books import Draft, Posting
from tamizdat.lib.money import Money
from tamizdat.payments import booking, following_up
from tamizdat.payments.errors import Declined, Unexplained, Vetoed, WrongState
from tamizdat.payments.models import Attempt, Charge, Instrument
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Remote, RemoteState
from tamizdat.payments.signals import before_charge, charge_failed, charge_succeeded
from tamizdat.payments.silence import Silent

KEY_LIFETIME = timedelta(hours=20)  # providers forget idempotency keys after a day
PAGE_LIFETIME = timedelta(hours=24)
TO_BE_CONFIRMED = (RemoteState.READY, RemoteState.HELD)
PUSH_LIFETIME = timedelta(days=60)  # banks are slow abroad, and statements are read when they come

logger = logging.getLogger(__name__)


def resolve(attempt: Attempt, *, now: datetime) -> Attempt:
    """Ask the provider what became of `attempt`, and follow: forward only, booked once.

    When the reader has agreed at the provider's page, this is what takes the money; of one that
    succeeded it books what happened since. Anyone may call it at any time: the page the reader
    returns to, a webhook, the chore.

    Raises Unreachable when there is no answer: then the attempt stays as it was.
    """
    attempt.refresh_from_db()
    if attempt.state == Attempt.State.SUCCEEDED:
        following_up.look(attempt, now=now)
    if not attempt.is_open:
        return attempt
    provider = registry.get(attempt.provider)
    remote = provider.fetch(key=attempt.idempotency_key, remote_id=attempt.remote_id)
    if remote is None:
        return _ask_again(attempt, now=now)
    if remote.state in TO_BE_CONFIRMED:
        return _confirm(attempt, remote, now=now)
    return _follow(attempt, remote, now=now)


def resolve_open(*, now: datetime) -> int:
    """Resolve what went quiet, and abandon pages that were left for a day. How many were closed."""
    closed, silent = 0, Silent()
    for attempt in Attempt.objects.quiet(now=now).order_by("created_at", "pk"):
        if attempt.provider in silent:
            continue
        try:
            closed += not _resolve_or_lapse(attempt, now=now).is_open
        except Exception as error:  # noqa: BLE001 one attempt does not stop the others
            silent.note(attempt.provider, error)
            # Without its message, which may quote a row or a token.
            logger.warning("%s is still open: %s", attempt, type(error).__name__)
            _still_open(attempt, now=now)  # and passed over for a while
    return closed


def take(attempt: Attempt, *, now: datetime) -> Attempt:
    """Charge the instrument that was kept. Raises Unreachable, and leaves the attempt SENT."""
    instrument = attempt.instrument
    if instrument is None:
        raise WrongState(f"{attempt} has nothing to charge")
    provider = registry.get(attempt.provider)
    return _authorise(
        attempt,
        lambda: provider.charge_saved(attempt.order, token=instrument.token),
        issuer_country=instrument.issuer_country,
        now=now,
    )


def abandon(attempt: Attempt, *, reason: str, is_hard: bool = False, now: datetime) -> Attempt:
    """Have the provider forget `attempt`, then close it; if money has moved already, book that.

    Raises Unreachable when the provider cannot be told: then the attempt stays open.
    """
    provider = registry.get(attempt.provider)
    remote = provider.cancel(key=attempt.idempotency_key, remote_id=attempt.remote_id)
    if remote and remote.state is not RemoteState.CANCELED:
        return _follow(attempt, remote, now=now)
    try:
        return close_unpaid(attempt, reason=reason, is_hard=is_hard, now=now)
    except WrongState:  # named meanwhile: cancel that payment too
        return abandon(attempt, reason=reason, is_hard=is_hard, now=now)


def issuer_country(attempt: Attempt) -> str:
    """Of the instrument that its reader named at the provider; empty while there is none.

    Raises Unreachable.
    """
    provider = registry.get(attempt.provider)
    remote = provider.fetch(key=attempt.idempotency_key, remote_id=attempt.remote_id)
    return remote.issuer_country if remote else ""


def close_unpaid(attempt: Attempt, *, reason: str, is_hard: bool, now: datetime) -> Attempt:
    """Close an attempt of which it is certain that no money will move."""
    fields = {"reason": reason, "is_hard": is_hard, "closed_at": now}
    return _close(attempt, lambda: _fail(attempt, Attempt.State.ABANDONED, **fields))


def _resolve_or_lapse(attempt: Attempt, *, now: datetime) -> Attempt:
    attempt = resolve(attempt, now=now)
    is_push = registry.get(attempt.provider).is_push
    lifetime = PUSH_LIFETIME if is_push else PAGE_LIFETIME
    if attempt.is_before_money and attempt.created_at <= now - lifetime:
        return abandon(attempt, reason="left", now=now)
    return attempt


def _ask_again(attempt: Attempt, *, now: datetime) -> Attempt:
    """The provider never heard of it: our question was lost, is still on its way, or whoever was
    to ask it has crashed.
    """
    if attempt.state in (Attempt.State.NEW, Attempt.State.SENT) and attempt.instrument:
        if (attempt.sent_at or attempt.created_at) > now - KEY_LIFETIME:
            return take(attempt, now=now)
        return abandon(attempt, reason="never_arrived", now=now)
    return _still_open(attempt, now=now)


def _confirm(attempt: Attempt, remote: Remote, *, now: datetime) -> Attempt:
    check_money(attempt, remote)
    return _authorise(
        attempt,
        lambda: registry.get(attempt.provider).confirm(remote),
        asked=remote,
        issuer_country=remote.issuer_country,
        now=now,
    )


def _authorise(
    attempt: Attempt,
    ask: Callable[[], Remote],
    *,
    asked: Remote | None = None,
    issuer_country: str,
    now: datetime,
) -> Attempt:
    """`ask` for the money; of the payment `asked`, if there is one yet."""
    try:
        let_veto(attempt, issuer_country=issuer_country, asked=asked, now=now)
    except Vetoed as veto:
        return abandon(attempt, reason=veto.reason, is_hard=True, now=now)
    if not _mark_sent(attempt, now=now):
        return attempt
    try:
        remote = ask()
    except Declined as no:  # but an earlier question may still be on its way
        return abandon(attempt, reason=no.reason, is_hard=no.is_hard, now=now)
    return heed(attempt, remote, asked=asked, now=now)


def heed(
    attempt: Attempt, remote: Remote, *, asked: Remote | None = None, now: datetime
) -> Attempt:
    """Follow what was answered when money was asked for, of the payment `asked` if any."""
    if remote.state is RemoteState.READY:
        return _name(attempt, remote, instead_of=asked.id if asked else "", now=now)
    if remote.state is RemoteState.HELD and asked and asked.state is RemoteState.READY:
        return _confirm(attempt, remote, now=now)  # who may refuse is asked again: they know more
    return _follow(attempt, remote, now=now)


def _name(attempt: Attempt, remote: Remote, *, instead_of: str, now: datetime) -> Attempt:
    """Commit which payment is to take the money, and only then let it.

    So no payment takes money that we could not find again, whatever its provider forgets; and
    of two payments that were made for one attempt, one at most is ever confirmed.
    """
    if remote.id == instead_of:  # it has its name, and still does not want to
        return _still_open(attempt, now=now)
    if not attempt.point_to(remote.id, instead_of=instead_of):
        return resolve(attempt, now=now)  # another resolver was first: follow that one's
    return _confirm(attempt, remote, now=now)


def let_veto(
    attempt: Attempt, *, issuer_country: str, asked: Remote | None = None, now: datetime
) -> None:
    """The last chance to refuse; `asked` is what the provider says of it so far. Raises Vetoed."""
    if not issuer_country:
        raise Vetoed("country_unknown")
    if attempt.instrument and not attempt.instrument.is_active:
        raise Vetoed("instrument_not_active")
    before_charge.send(
        sender=Charge,
        charge=attempt.charge,
        attempt=attempt,
        issuer_country=issuer_country,
        card=asked.card if asked else "",
        risk=asked.risk if asked else "",
        now=now,
    )


def _mark_sent(attempt: Attempt, *, now: datetime) -> bool:
    """Commit that money is asked for. False if the attempt was closed meanwhile: do not ask."""
    try:
        attempt.move_to(Attempt.State.SENT, sent_at=now)
    except WrongState:
        attempt.refresh_from_db()  # SENT already: the same key asks for the same money
    return attempt.state == Attempt.State.SENT


def _follow(attempt: Attempt, remote: Remote, *, now: datetime) -> Attempt:
    check_money(attempt, remote)
    match remote.state:
        case RemoteState.SUCCEEDED:
            attempt = _close(attempt, lambda: _succeed(attempt, remote, at=now))
            if attempt.state == Attempt.State.SUCCEEDED and following_up.has_news(remote):
                following_up.apply(attempt, remote, now=now)
            return attempt
        case RemoteState.DECLINED:
            fields = {"remote_id": remote.id, "reason": remote.reason, "is_hard": remote.is_hard}
            declined = Attempt.State.DECLINED
            return _close(attempt, lambda: _fail(attempt, declined, **fields, closed_at=now))
        case RemoteState.CANCELED:
            return close_unpaid(attempt, reason="canceled", is_hard=False, now=now)
        case RemoteState.PENDING if attempt.state != Attempt.State.PENDING:
            return _wait_for(attempt, remote, now=now)
    return _still_open(attempt, now=now)


def _wait_for(attempt: Attempt, remote: Remote, *, now: datetime) -> Attempt:
    sent_at = attempt.sent_at or now
    with contextlib.suppress(WrongState):  # another resolver was first
        attempt.move_to(Attempt.State.PENDING, remote_id=remote.id, sent_at=sent_at)
    attempt.refresh_from_db()
    return attempt


def check_money(attempt: Attempt, remote: Remote) -> None:
    """Raises Unexplained."""
    if (remote.key, remote.money) != (attempt.idempotency_key, attempt.charge.money):
        raise Unexplained(f"{attempt} and {remote.id} are not about the same money")


def _close(attempt: Attempt, move: Callable[[], None]) -> Attempt:
    """Move, unless another resolver was first."""
    try:
        move()
    except WrongState:
        attempt.refresh_from_db()
        if attempt.is_open:
            raise
    return attempt


def _still_open(attempt: Attempt, *, now: datetime) -> Attempt:
    Attempt.objects.filter(pk=attempt.pk).update(checked_at=now)
    attempt.refresh_from_db()
    return attempt


@transaction.atomic
def _succeed(attempt: Attempt, remote: Remote, *, at: datetime) -> None:
    instrument = attempt.instrument or _keep_instrument(attempt, remote, at=at)
    attempt.move_to(
        Attempt.State.SUCCEEDED, remote_id=remote.id, instrument=instrument, closed_at=at
    )
    charge = attempt.charge
    came = remote.arrived or remote.money
    if came != charge.money:
        charge.accept(came)
    charge.move_to(Charge.State.SUCCEEDED, succeeded_at=at)
    books.post(**entry_of(attempt, remote, at=at)._asdict())
    charge_succeeded.send(
        sender=Charge,
        charge=charge,
        attempt=attempt,
        instrument=instrument,
        remote=remote,
        at=at,
    )


def entry_of(attempt: Attempt, remote: Remote, *, at: datetime) -> Draft:
    """What the books say of a payment that succeeded."""
    # A fee in another currency is booked with what the gift became there: see following_up.
    fee = remote.fee if remote.settled is None else Money(0, remote.money.currency)
    came = remote.arrived or remote.money
    return Draft(
        key=booking.key_of(attempt.provider, remote.id),
        memo=f"payment {attempt.charge_id}",  # never its reference, which opens the giver's page
        at=at,
        postings=[
            Posting(booking.cash(attempt.provider), came - fee),
            Posting("fees", fee),
            Posting("reader-funding", -came),
        ],
    )


def _keep_instrument(attempt: Attempt, remote: Remote, *, at: datetime) -> Instrument | None:
    if not attempt.keep_instrument:
        return None
    return Instrument.objects.create(
        provider=attempt.provider,
        sealed_token=Instrument.seal(remote.token),
        issuer_country=remote.issuer_country,
        created_at=at,
    )


@transaction.atomic
def _fail(attempt: Attempt, state: Attempt.State, **fields: object) -> None:
    attempt.move_to(state, **fields)
    attempt.charge.move_to(Charge.State.FAILED)
    charge_failed.send(
        sender=Charge,
        charge=attempt.charge,
        attempt=attempt,
        is_hard=attempt.is_hard,
        at=attempt.closed_at,
    )
