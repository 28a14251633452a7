from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol, runtime_checkable

from tamizdat.lib.money import Money
from tamizdat.payments.providers.account import AccountLine, RemoteDispute
from tamizdat.payments.providers.rates import Rates


@dataclass(frozen=True)
class Order:
    """What we ask to be paid. Says nothing of who pays, or for which story."""

    key: str  # the attempt's, always the same for the same attempt
    money: Money


@dataclass(frozen=True)
class Page:
    """How the provider's page should treat the reader."""

    return_url: str
    language: str
    keep_instrument: bool  # we shall charge it again, without the reader


class RemoteState(Enum):
    WAITING = "waiting"  # for the reader
    READY = "ready"  # the instrument is known and the reader agreed; no money has moved
    HELD = "held"  # its bank set the money aside for us; no money has moved
    PENDING = "pending"  # asked for, not yet certain
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    CANCELED = "canceled"


@dataclass(frozen=True)
class RemoteRefund:
    id: str
    money: Money  # in the currency of the payment
    has_failed: bool = False  # perhaps days after it went: its giver's bank refused it


@dataclass(frozen=True)
class Remote:
    """A payment as its provider sees it now."""

    id: str
    key: str  # ours
    state: RemoteState
    money: Money
    fee: Money  # 0 while it is not known; in the currency of the balance
    arrived: Money | None = None  # once it SUCCEEDED: what came, where its giver had the last word
    url: str = ""  # of the page where the reader pays
    token: str = ""  # names the instrument, once there is one and we asked to keep it
    issuer_country: str = ""  # ISO 3166-1 of the instrument, from READY on
    reason: str = ""  # a code, when declined
    is_hard: bool = False
    settled: Money | None = None  # what came of it before `fee`, in a balance of another currency
    refunds: tuple[RemoteRefund, ...] = ()  # each by its id; none where they cannot be listed
    disputes: tuple[RemoteDispute, ...] = ()
    card: str = ""  # the same for the same card, whoever names it; only a digest is ever kept
    risk: str = ""  # `elevated` or `highest`, where the provider says so


@dataclass(frozen=True)
class Kept:
    """An instrument that a provider keeps for us, as it sees it now."""

    issuer_country: str  # ISO 3166-1; empty where it does not tell
    is_charged_there: bool = False  # by a schedule of the provider's own


@dataclass(frozen=True)
class Notice:
    """What a verified webhook says: that something happened to `object_id`, go and look."""

    event_id: str
    kind: str
    object_id: str  # of the payment, also when it is about a refund or a dispute


class Provider(Protocol):
    """A way to take money. Keeps no state; raises only `PaymentError`s.

    Each verb may be repeated: the same key asks for the same thing once. Any of them raises
    Unreachable when there was no usable answer in time.

    One that cannot find a payment by our key, or forgets keys, must never take money under an id
    that we do not know yet. It answers READY with that id instead; we commit it, and confirm.
    """

    code: str
    methods: tuple[str, ...]
    hidden_methods: tuple[str, ...]  # that come as one of `methods`: nobody can tell which it was
    currencies: frozenset[str]
    page_origin: str  # for the Content-Security-Policy of a form that leads there
    rates: Rates  # what it usually keeps; nothing of a currency where that is not known
    learns_country: bool  # of the payer, before any money moves: else the reader is asked
    keeps_instruments: bool  # and charges them again: else it is asked only for gifts made once
    is_push: bool  # its readers send the money by themselves, when they like: nobody can take it
    told_within: timedelta  # of its day: how late a line of its account may be there at first

    def open(self, order: Order, page: Page) -> Remote:
        """Make a page where the reader names an instrument. Moves no money."""

    def fetch(self, *, key: str = "", remote_id: str = "") -> Remote | None:
        """What became of a payment, by its own id or by our key.

        None: nothing has taken money under either, nor will unless it is asked for again. Raises
        NotOurs where it should be there, and is not.
        """

    def confirm(self, remote: Remote) -> Remote:
        """Take the money of a payment that is READY or HELD, or name, READY, the one that will.

        One that knows the risk only once the card's bank was asked answers HELD first, and takes
        when it is asked again.
        """

    def charge_saved(self, order: Order, *, token: str) -> Remote:
        """Take money from an instrument that was kept, or name, READY, the payment that will."""

    def kept(self, token: str) -> Kept:
        """What is known of an instrument that was kept. Raises Declined if there is none."""

    def forget(self, token: str) -> None:
        """Keep it no longer: nobody charges it again. One that is not kept is forgotten.

        What was paid with it stays, and can be given back. Raises Declined if it will not.
        """

    def cancel(self, *, key: str, remote_id: str = "") -> Remote | None:
        """Make sure that neither `remote_id` nor what was asked under `key` takes money later.

        Returns what became of it instead: it may be too late.
        """

    def refund(self, *, key: str, remote_id: str, money: Money) -> RemoteRefund:
        """Give back money that was taken. Raises Declined if it will not, or failed."""

    def find_refund(self, *, key: str, remote_id: str) -> RemoteRefund | None:
        """The refund of a payment that was asked for under `key`, however long ago, if any.

        Raises Declined if it failed.
        """

    def account_lines(self, *, since: datetime, until: datetime) -> Iterator[AccountLine]:
        """What changed our balance from `since` on and before `until`, oldest first."""

    def read_notice(self, *, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice:
        """Verify, then parse. Raises Forged before it looks at the body."""


@runtime_checkable
class RefundsByClaim(Protocol):
    """A provider whose refunds do not find their way back by themselves."""

    def claim_page(self, refund_id: str) -> str:
        """Where the giver says to which address a refund shall go. Whoever opens it can."""
