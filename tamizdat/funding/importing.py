"""Pledges that began elsewhere, with cards that a provider has kept: nobody enters one again."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tamizdat.funding import halting, policy
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Letter, Pledge, Supporter
from tamizdat.lib.money import Money, NotAnAmount
from tamizdat.lib.months import due_on, number_at
from tamizdat.outlet.vault import blind_index
from tamizdat.payments.errors import Declined, Vetoed
from tamizdat.payments.models import Instrument
from tamizdat.payments.providers.base import Provider

NEEDED = ("id", "address", "amount", "currency", "interval", "next_due_on", "token")
OPTIONAL = ("anchor_on", "language")


class BadFile(ValueError):
    """Nothing can be taken in; the message says what to do."""


class BadRow(ValueError):
    """This row is left out; the message says why, and names nobody."""


@dataclass(frozen=True)
class Elsewhere:
    """A pledge as another system kept it."""

    id: str  # there
    address: str
    money: Money
    interval: str
    anchor_on: date
    next_due_on: date
    token: str
    language: str


def read(file: IO[str], *, language: str) -> Iterator[tuple[int, Elsewhere | BadRow]]:
    """Each line with its number, as a pledge or as what is wrong with it. Raises BadFile."""
    rows = csv.DictReader(file)
    if missing := [name for name in NEEDED if name not in (rows.fieldnames or ())]:
        raise BadFile(
            f"The first line must name the columns {', '.join(NEEDED)}; {', '.join(missing)} "
            f"is missing. {' and '.join(OPTIONAL)} may be there too."
        )
    for row in rows:
        fields = {str(name): str(value or "").strip() for name, value in row.items()}
        try:
            yield rows.line_num, _parse(fields, language=language)
        except BadRow as error:
            yield rows.line_num, error


def is_known(pledge: Elsewhere, *, provider: Provider) -> bool:
    return Pledge.objects.filter(imported_as=_key(pledge, provider)).exists()


def country_of(pledge: Elsewhere, *, provider: Provider, now: datetime) -> str:
    """Of its card, as `provider` tells it: whoever may be taken in. Raises BadRow, Unreachable."""
    if pledge.money.currency not in provider.currencies:
        raise BadRow(f"{provider.code} does not take {pledge.money.currency}.")
    if pledge.next_due_on <= day_of(now):
        raise BadRow(
            "next_due_on has come: the gift would be taken at once. Write a day to come, and see "
            "to it that the old system has not taken this one."
        )
    country = kept_country(provider, pledge.token)
    judge(country, pledge.interval, provider=provider.code, today=day_of(now))
    return country


def take_in(pledge: Elsewhere, *, provider: Provider, now: datetime, is_told: bool) -> bool:
    """Go on with `pledge` here, once: False if it was known, whatever became of it since.

    Its card is looked at where it was kept, and its country judged before anything is written.
    Nothing is charged before its next day, which must be to come.

    Raises BadRow, and Unreachable.
    """
    if is_known(pledge, provider=provider):
        return False
    country = country_of(pledge, provider=provider, now=now)
    with transaction.atomic():
        written = _write(pledge, provider, country=country, now=now)
        if is_told:
            Letter.objects.create(
                kind=Letter.Kind.LINK, supporter=written.supporter, pledge=written, created_at=now
            )
    return True


def kept_country(provider: Provider, token: str) -> str:
    """Of the instrument that `provider` kept under `token`. Raises BadRow, and Unreachable."""
    try:
        kept = provider.kept(token)
    except Declined as error:
        raise BadRow(f"{provider.code} knows no card under this token.") from error
    if kept.is_charged_there:
        raise BadRow(
            f"{provider.code} still charges this card by a schedule of its own: end that first, or "
            "its reader would pay twice."
        )
    if not kept.issuer_country:
        raise BadRow(f"{provider.code} does not tell the country of this card.")
    return kept.issuer_country


def judge(country: str, interval: str, *, provider: str, today: date) -> None:
    """Raises BadRow where we take nothing."""
    try:
        policy.refuse(country, interval, provider=provider, on=today)
        halting.refuse(provider=provider, country=country)
    except Vetoed as veto:
        raise BadRow(f"A gift from {country} may endanger its giver: it is not taken in.") from veto


def _write(pledge: Elsewhere, provider: Provider, *, country: str, now: datetime) -> Pledge:
    return Pledge.objects.create(
        supporter=Supporter.objects.at(pledge.address, language=pledge.language, now=now),
        amount_minor=pledge.money.minor,
        currency=pledge.money.currency,
        interval=pledge.interval,
        state=Pledge.State.ACTIVE,
        anchor_on=pledge.anchor_on,
        next_due_on=pledge.next_due_on,
        instrument=Instrument.objects.create(
            provider=provider.code,
            sealed_token=Instrument.seal(pledge.token),
            issuer_country=country,
            created_at=now,
        ),
        imported_as=_key(pledge, provider),
        created_at=now,
    )


def _key(pledge: Elsewhere, provider: Provider) -> str:
    return blind_index(f"pledge {provider.code} {pledge.id}")


def _parse(fields: dict[str, str], *, language: str) -> Elsewhere:
    for name in NEEDED:
        if not fields[name]:
            raise BadRow(f"{name} is empty.")
    interval = fields["interval"]
    if interval not in Pledge.Interval.values:
        raise BadRow("interval must be month or year.")
    next_due_on = _day(fields, "next_due_on")
    anchor_on = _day(fields, "anchor_on") if fields.get("anchor_on") else next_due_on
    _check_anchor(anchor_on, next_due_on, every=12 if interval == "year" else 1)
    known = {code: code for code, _name in settings.LANGUAGES}
    return Elsewhere(
        id=fields["id"],
        address=_address(fields["address"]),
        money=_money(fields),
        interval=interval,
        anchor_on=anchor_on,
        next_due_on=next_due_on,
        token=fields["token"],
        language=known.get(fields.get("language", ""), language),
    )


def _check_anchor(anchor: date, next_due_on: date, *, every: int) -> None:
    if due_on(anchor, number_at(anchor, next_due_on, every=every), every=every) != next_due_on:
        raise BadRow("next_due_on is no due day of a pledge that began on anchor_on.")


def _day(fields: dict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(fields[name])
    except ValueError as error:
        raise BadRow(f"{name} must be a day such as 2026-03-31.") from error


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise BadRow("address is no e-mail address.") from error
    return text


def _money(fields: dict[str, str]) -> Money:
    try:
        money = Money.parse(fields["amount"], fields["currency"].upper())
    except (NotAnAmount, LookupError) as error:
        raise BadRow("amount must be a plain number such as 2.50.") from error
    if money.minor <= 0:
        raise BadRow("amount must be more than nothing.")
    return money
