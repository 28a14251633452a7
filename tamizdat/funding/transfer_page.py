"""What a reader copies into their bank's form: the page of a gift by transfer that is awaited."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from tamizdat.funding.amounts import typed
from tamizdat.lib import epc
from tamizdat.lib.creditor_reference import in_groups
from tamizdat.payments import transfer
from tamizdat.payments.errors import NotSetUp
from tamizdat.payments.models import Attempt
from tamizdat.payments.transfer import Instructions


@dataclass(frozen=True)
class TransferPage:
    holder: str
    iban: list[str]  # in groups, as it is printed
    bic: str
    amount: str  # as a bank's form takes it
    currency: str
    reference: list[str]
    code: SafeString  # the QR code of banking apps; empty where there is none of this currency


def of(attempt: Attempt) -> TransferPage | None:
    """None once we take no transfers in this currency any more."""
    try:
        asked = transfer.instructions(attempt)
    except NotSetUp:
        return None
    account = asked.account
    return TransferPage(
        holder=account.holder,
        iban=in_groups(account.iban),
        bic=account.bic,
        amount=typed(asked.money),
        currency=asked.money.currency,
        reference=in_groups(asked.reference),
        code=_code(asked),
    )


def _code(asked: Instructions) -> SafeString:
    if asked.money.currency != "EUR":
        return SafeString()
    account = asked.account
    text = epc.payload(
        holder=account.holder,
        iban=account.iban,
        bic=account.bic,
        money=asked.money,
        reference=asked.reference,
    )
    return mark_safe(epc.svg(text))  # noqa: S308 drawn by the library, of squares
