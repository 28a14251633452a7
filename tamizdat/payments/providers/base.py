from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from tamizdat.lib.money import Money


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
    PENDING = "pending"  # asked for, not yet certain
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    CANCELED = "canceled"


@dataclass(frozen=True)
class Remote:
    """A payment as its provider sees it now."""

    id: str
    key: str  # ours
    state: RemoteState
    money: Money
    fee: Money
    url: str = ""  # of the page where the reader pays
    token: str = ""  # names the instrument, once there is one and we asked to keep it
    issuer_country: str = ""  # ISO 3166-1 of the instrument, from READY on
    reason: str = ""  # a code, when declined
    is_hard: bool = False


@dataclass(frozen=True)
class RemoteRefund:
    id: str
    money: Money


@dataclass(frozen=True)
class Notice:
    """What a verified webhook says: that something happened to `object_id`, go and look."""

    event_id: str
    kind: str
    object_id: str


class Provider(Protocol):
    """A way to take money. Keeps no state; raises only `PaymentError`s.

    Each verb may be repeated: the same key asks for the same thing once. Any of them raises
    Unreachable when there was no usable answer in time.

    One that cannot find a payment by our key, or forgets keys, must never take money under an id
    that we do not know yet. It answers READY with that id instead; we commit it, and confirm.
    """

    code: str
    methods: tuple[str, ...]
    currencies: frozenset[str]
    page_origin: str  # for the Content-Security-Policy of a form that leads there

    def open(self, order: Order, page: Page) -> Remote:
        """Make a page where the reader names an instrument. Moves no money."""

    def fetch(self, *, key: str = "", remote_id: str = "") -> Remote | None:
        """What became of a payment, by its own id or by our key.

        None: nothing has taken money under either, nor will unless it is asked for again.
        """

    def confirm(self, remote: Remote) -> Remote:
        """Take the money of a payment that is READY, or name, READY, the one that will."""

    def charge_saved(self, order: Order, *, token: str) -> Remote:
        """Take money from an instrument that was kept, or name, READY, the payment that will."""

    def cancel(self, *, key: str, remote_id: str = "") -> Remote | None:
        """Make sure that neither `remote_id` nor what was asked under `key` takes money later.

        Returns what became of it instead: it may be too late.
        """

    def refund(self, *, key: str, remote_id: str, money: Money) -> RemoteRefund:
        """Give back money that was taken. Raises Declined if the provider will not."""

    def find_refund(self, *, key: str, remote_id: str) -> RemoteRefund | None:
        """The refund of a payment that was asked for under `key`, however long ago, if any."""

    def read_notice(self, *, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice:
        """Verify, then parse. Raises Forged before it looks at the body."""
