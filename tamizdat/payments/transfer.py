"""Bank transfer: the reader sends the money by themselves, and the bank's statement tells us.

There is nobody to ask. What a provider would keep is our own: the attempt says what was promised,
a line of a statement that it has arrived. Nothing can be taken, kept or sent back from here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import NoReturn

from django.db.models import Exists, OuterRef, Q

from tamizdat.lib.creditor_reference import reference_from
from tamizdat.lib.money import Money
from tamizdat.outlet.vault import blind_index
from tamizdat.payments.errors import Declined, Forged, NotSetUp
from tamizdat.payments.models import Attempt, BankLine, KeptLine
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.account import AccountLine, Movement
from tamizdat.payments.providers.base import (
    Notice,
    Order,
    Page,
    Remote,
    RemoteRefund,
    RemoteState,
)
from tamizdat.payments.providers.rates import Rates
from tamizdat.payments.transfer_accounts import Account

BY_HAND = "only_by_hand"  # why it will not: only the newsroom can, at its bank


@dataclass(frozen=True)
class Instructions:
    """What a reader enters at their bank."""

    account: Account
    money: Money
    reference: str


class Transfer:
    code = "transfer"
    methods: tuple[str, ...] = ("transfer",)
    hidden_methods: tuple[str, ...] = ()
    is_push = True
    told_within = timedelta(days=1)  # what a statement brings later is told by itself
    learns_country = False
    keeps_instruments = False
    rates: Rates = MappingProxyType({})

    def __init__(self, accounts: Mapping[str, Account], *, page_origin: str) -> None:
        """`accounts` by the currency that they take."""
        self.accounts = accounts
        self.currencies = frozenset(accounts)
        self.page_origin = page_origin

    def open(self, order: Order, page: Page) -> Remote:
        """The page is ours: the one to which other providers send the reader back."""
        if order.money.currency not in self.accounts:
            raise Declined("currency_not_taken", is_hard=False)
        return Remote(
            id=reference_of(order.key),
            key=order.key,
            state=RemoteState.WAITING,
            money=order.money,
            fee=Money(0, order.money.currency),
            url=page.return_url,
        )

    def fetch(self, *, key: str = "", remote_id: str = "") -> Remote | None:
        attempt = self._attempt(key=key, remote_id=remote_id)
        return _remote(attempt) if attempt else None

    def kept(self, token: str) -> NoReturn:  # noqa: ARG002
        raise Declined(BY_HAND, is_hard=True)

    def forget(self, token: str) -> None:
        """Nothing was kept."""

    def confirm(self, remote: Remote) -> NoReturn:  # noqa: ARG002
        raise Declined(BY_HAND, is_hard=True)

    def charge_saved(self, order: Order, *, token: str) -> NoReturn:  # noqa: ARG002
        raise Declined(BY_HAND, is_hard=True)

    def cancel(self, *, key: str, remote_id: str = "") -> Remote | None:
        """A transfer cannot be refused. From here on it is put to a person if it comes.

        For what is called off is closed, and no line pays an attempt that is closed.
        """
        attempt = self._attempt(key=key, remote_id=remote_id)
        return _remote(attempt, otherwise=RemoteState.CANCELED) if attempt else None

    def refund(self, *, key: str, remote_id: str, money: Money) -> NoReturn:  # noqa: ARG002
        raise Declined(BY_HAND, is_hard=False)

    def find_refund(self, *, key: str, remote_id: str) -> RemoteRefund | None:  # noqa: ARG002
        """The line of a statement that a person said to be this refund."""
        line = BankLine.objects.filter(refund__idempotency_key=key).first()
        return RemoteRefund(line.public_id, -line.money) if line else None

    def read_notice(self, *, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice:  # noqa: ARG002
        raise Forged("banks send no notices here")

    def account_lines(self, *, since: datetime, until: datetime) -> Iterator[AccountLine]:
        """The lines that are gifts or were given back, and those from before that were told late.

        A statement may be taken in, and a person decide, days after the bank's. What waits is not
        told, nor what is none of the books of gifts: the account pays rent, and takes payouts.
        """
        told = KeptLine.objects.filter(provider=self.code, line_id=OuterRef("public_id"))
        of_these_days = Q(booked_on__gte=since.astimezone(UTC).date())
        lines = BankLine.objects.booked().filter(of_these_days | ~Exists(told))
        for line in lines.select_related("attempt", "refund__charge").order_by("booked_on", "pk"):
            if line.at < until:
                yield _account_line(line)

    def _attempt(self, *, key: str, remote_id: str) -> Attempt | None:
        ours = Attempt.objects.filter(provider=self.code).select_related("charge", "bank_line")
        named = Q(idempotency_key=key) if key else Q(remote_id=remote_id)
        return ours.filter(named).first()


def reference_of(key: str) -> str:
    """What the reader writes on the transfer: of the attempt's key, and leads nobody back to it."""
    return reference_from(int(blind_index(f"transfer {key}")[:16], 16))


def instructions(attempt: Attempt) -> Instructions:
    """For the page of a gift that is awaited. Raises NotSetUp when we take no transfers now."""
    provider = registry.get(attempt.provider)
    money = attempt.charge.money
    if not isinstance(provider, Transfer) or money.currency not in provider.accounts:
        raise NotSetUp(attempt.provider)
    return Instructions(provider.accounts[money.currency], money, attempt.remote_id)


def _remote(attempt: Attempt, *, otherwise: RemoteState = RemoteState.WAITING) -> Remote:
    line = getattr(attempt, "bank_line", None)
    money = line.money if line else attempt.charge.money
    closed = RemoteState.CANCELED
    return Remote(
        id=attempt.remote_id or reference_of(attempt.idempotency_key),
        key=attempt.idempotency_key,
        state=RemoteState.SUCCEEDED if line else otherwise if attempt.is_open else closed,
        money=money,
        fee=Money(0, money.currency),
        url=attempt.return_url,
        issuer_country=line.country if line else "",
    )


def _account_line(line: BankLine) -> AccountLine:
    return AccountLine(
        id=line.public_id,
        movement=_movement(line),
        at=line.at,
        gross=line.money,
        fee=Money(0, line.currency),
        payment_id=_payment_id(line),
        object_id=line.public_id if line.refund else "",
    )


def _movement(line: BankLine) -> Movement:
    return Movement.PAYMENT if line.attempt else Movement.REFUND


def _payment_id(line: BankLine) -> str:
    if line.attempt:
        return line.attempt.remote_id
    if line.refund is None:
        return ""
    paid = line.refund.charge.attempts.filter(state=Attempt.State.SUCCEEDED).first()
    return paid.remote_id if paid else ""
