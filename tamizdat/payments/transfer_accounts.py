"""Our accounts at banks, as [transfer] in the settings has them: looked at before readers are."""

from collections.abc import Iterator
from dataclasses import dataclass

from babel.numbers import is_currency
from django.conf import settings

from tamizdat.lib.iban import NotABic, NotAnIban, read_bic, read_iban

LONGEST_HOLDER = 70  # characters, in a transfer


@dataclass(frozen=True)
class Account:
    """Ours, to which readers send."""

    holder: str
    iban: str
    bic: str = ""


@dataclass(frozen=True)
class Problem:
    says: str
    remedy: str
    currency: str = ""  # that cannot be sent; empty: none can


def usable() -> dict[str, Account]:
    """By their currencies; those with which something is wrong are left out."""
    wrong = {problem.currency for problem in problems()}
    if "" in wrong:
        return {}
    return {
        currency: Account(
            holder=settings.TRANSFER_HOLDER.strip(),
            iban=read_iban(iban),
            bic=read_bic(bic) if (bic := settings.TRANSFER_BICS.get(currency)) else "",
        )
        for currency, iban in settings.TRANSFER_IBANS.items()
        if currency not in wrong
    }


def problems() -> list[Problem]:
    """What is wrong, and what to do, in the order of the settings."""
    found = [] if not settings.TRANSFER_IBANS else list(_of_holder(settings.TRANSFER_HOLDER))
    for currency, iban in settings.TRANSFER_IBANS.items():
        found += _of_iban(currency, iban)
    for currency, bic in settings.TRANSFER_BICS.items():
        found += _of_bic(currency, bic)
    return found


def _of_holder(holder: str) -> Iterator[Problem]:
    if not holder.strip():
        says = "transfer.holder is missing: banks ask for the name of whoever is paid."
        yield Problem(says, "Write the name in which the account is held.")
    elif len(holder.strip()) > LONGEST_HOLDER:
        says = f"transfer.holder is longer than the {LONGEST_HOLDER} letters that banks carry."
        yield Problem(says, "Shorten it as your bank does: look at a statement.")


def _of_iban(currency: str, iban: str) -> Iterator[Problem]:
    if not is_currency(currency):
        says = f"transfer.iban.{currency}: {currency} is no currency."
        yield Problem(says, "Write the three letters of ISO 4217, such as EUR.", currency)
    try:
        read_iban(iban)
    except NotAnIban:
        says = f"transfer.iban.{currency} is no IBAN: its check digits do not fit."
        remedy = "Copy it from your bank's own pages: a sign is wrong, lost, or two are swapped."
        yield Problem(says, remedy, currency)


def _of_bic(currency: str, bic: str) -> Iterator[Problem]:
    if currency not in settings.TRANSFER_IBANS:
        says = f"transfer.bic.{currency} belongs to no account."
        remedy = f"Set transfer.iban.{currency} too, or take it out."
        yield Problem(says, remedy, currency)
    elif bic:
        try:
            read_bic(bic)
        except NotABic:
            says = f"transfer.bic.{currency} is no BIC: those have 8 or 11 letters."
            yield Problem(says, "Copy it from your bank's own pages, or take it out.", currency)
