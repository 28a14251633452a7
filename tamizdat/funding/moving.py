"""Pledges that go on at another provider, with the cards that the old one handed over to it."""

import csv
from datetime import datetime
from typing import IO

from django.db import transaction

from tamizdat.funding import importing
from tamizdat.funding.days import day_of
from tamizdat.funding.importing import BadFile, BadRow
from tamizdat.funding.models import Pledge
from tamizdat.payments.models import Attempt, Instrument
from tamizdat.payments.providers.base import Provider


def read(file: IO[str]) -> dict[str, str]:
    """Which token of the new provider takes the place of which old one. Raises BadFile."""
    rows = csv.DictReader(file)
    if not {"old", "new"} <= set(rows.fieldnames or ()):
        raise BadFile("The first line must name the columns old and new: the tokens of each card.")
    tokens = {row["old"].strip(): (row["new"] or "").strip() for row in rows}
    return {old: new for old, new in tokens.items() if old and new}


def country_of(pledge: Pledge, token: str, *, provider: Provider, now: datetime) -> str:
    """Of the card as the new provider tells it. Raises BadRow where it must stay; Unreachable."""
    if pledge.currency not in provider.currencies:
        raise BadRow(f"{provider.code} does not take {pledge.currency}.")
    country = importing.kept_country(provider, token)
    importing.judge(country, pledge.interval, provider=provider.code, today=day_of(now))
    return country


def move(pledge: Pledge, token: str, *, provider: Provider, now: datetime) -> None:
    """Charge it at `provider` from now on; the old card is not charged again.

    Raises BadRow when it must stay where it is, and Unreachable.
    """
    country, old = country_of(pledge, token, provider=provider, now=now), pledge.instrument
    with transaction.atomic():
        pledge.hold()
        if not pledge.is_chargeable or old is None or pledge.instrument != old:
            raise BadRow("It ended or was changed meanwhile.")
        if Attempt.objects.open().filter(charge__due__pledge=pledge).exists():
            raise BadRow("A gift is being asked for at the old provider: run this again later.")
        new = Instrument.objects.create(
            provider=provider.code,
            sealed_token=Instrument.seal(token),
            issuer_country=country,
            created_at=now,
        )
        Pledge.objects.filter(pk=pledge.pk).update(instrument=new)
        old.revoke()
