"""What the buttons of a supporter's own page do, each from the fields it sends."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django import forms
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tamizdat.funding import (
    amounts,
    attesting,
    cards,
    giving,
    guarding,
    profiles,
    restarting,
    selfservice,
    wording,
)
from tamizdat.funding.access import Access
from tamizdat.funding.forms import AmountField
from tamizdat.funding.giving import REFERENCE
from tamizdat.funding.models import Pledge
from tamizdat.lib.money import Money
from tamizdat.outlet.models import MailProfile
from tamizdat.payments import charging
from tamizdat.payments.charging import Checkout
from tamizdat.payments.errors import Declined, Unreachable, WrongState
from tamizdat.payments.models import Charge

DAYS = range(1, 29)  # those that every month has


class Problem(Exception):
    """What was asked cannot be done; the message is for the reader."""


Act = Callable[[Pledge, QueryDict, datetime], HttpResponse | None]


def act(link: Access, fields: QueryDict, *, now: datetime) -> HttpResponseBase | None:
    """Where to go next, if not back to the page.

    Raises Problem, and WrongState for what is not possible now, or not known at all.
    """
    link.supporter.note_arrival(mailed_on=link.mailed_on)
    action = str(fields.get("action"))
    if action == "forget":
        selfservice.forget(link.supporter, now=now)
        return None
    if action == "mail":
        if not link.supporter.has_address:
            raise WrongState(f"{link.supporter} has no address")
        link.supporter.choose_mail(_profile(fields))
        return None
    if link.pledge is None or action not in _ACTS:
        raise WrongState(f"{link.supporter} has nothing here to {action}")
    try:
        return _ACTS[action](link.pledge, fields, now)
    except Unreachable as error:
        raise Problem(wording.no_answer()) from error
    except Declined as no:
        raise Problem(wording.refusal(no.reason)) from no
    except guarding.NotNow as error:
        raise Problem(wording.next_step(guarding.Step.LATER)) from error


def _pay(pledge: Pledge, _fields: QueryDict, now: datetime) -> HttpResponse:
    """What the bank refused, with a card that the reader chooses; it is the one we keep."""
    due = pledge.dues.order_by("-period_on").first()
    if pledge.state not in Pledge.OWING or not due or not pledge.instrument:
        raise WrongState(f"{pledge} owes nothing")
    if due.charge.state == Charge.State.SUCCEEDED:
        raise WrongState(f"{due} is paid")
    return _to_the_bank(due.charge, provider=pledge.instrument.provider, now=now)


def _change_card(pledge: Pledge, _fields: QueryDict, now: datetime) -> HttpResponse:
    bank = cards.begin(pledge, language=get_language() or "en", now=now)
    return redirect(bank.url)


def _restart(pledge: Pledge, fields: QueryDict, now: datetime) -> HttpResponse:
    reference = str(fields.get("reference"))
    if not REFERENCE.fullmatch(reference):
        raise WrongState("the button was pressed from no page of ours")
    charge = restarting.restart(pledge, reference=reference, now=now)
    try:
        return _to_the_bank(charge, provider=restarting.provider_for(pledge), now=now)
    except Declined as no:
        if no.reason != attesting.NOT_ATTESTED:
            raise
    charging.cancel(charge, now=now)  # the form asks, and promises it anew
    return redirect(giving.form_for(charge))


def _to_the_bank(charge: Charge, *, provider: str, now: datetime) -> HttpResponse:
    language = get_language() or "en"
    guarding.go_on(charge, provider=provider, now=now)
    bank: Checkout = giving.open_bank(charge, provider=provider, language=language, now=now)
    return redirect(bank.url)


def _change_amount(pledge: Pledge, fields: QueryDict, now: datetime) -> None:
    money = _amount(pledge.currency, pledge.interval, fields)
    selfservice.change_amount(pledge, money, now=now)


def _change_interval(pledge: Pledge, fields: QueryDict, now: datetime) -> None:
    interval = other_interval(pledge)
    if fields.get("interval") != interval:
        return  # pressed twice: it is so already
    money = _amount(pledge.currency, interval, fields)
    selfservice.change_interval(pledge, interval, money, now=now)


def _change_day(pledge: Pledge, fields: QueryDict, now: datetime) -> None:
    days = {str(day): day for day in DAYS}
    if (text := str(fields.get("day"))) not in days:
        raise Problem(_("Please choose a day."))
    selfservice.change_day(pledge, days[text], now=now)


def _pause(pledge: Pledge, fields: QueryDict, now: datetime) -> None:
    lengths = {str(length): length for length in selfservice.PAUSES}
    months = lengths.get(str(fields.get("months")), selfservice.PAUSES[0])
    selfservice.pause(pledge, months, now=now)


def _skip(pledge: Pledge, fields: QueryDict, now: datetime) -> None:
    try:
        period_on = date.fromisoformat(str(fields.get("period")))
    except ValueError as error:
        raise WrongState("the button was pressed from no page of ours") from error
    selfservice.skip(pledge, period_on, now=now)


def _resume(pledge: Pledge, _fields: QueryDict, now: datetime) -> None:
    selfservice.resume(pledge, now=now)


def _stop(pledge: Pledge, _fields: QueryDict, now: datetime) -> None:
    selfservice.stop(pledge, now=now)


_ACTS: Mapping[str, Act] = {
    "pay": _pay,
    "card": _change_card,
    "restart": _restart,
    "amount": _change_amount,
    "interval": _change_interval,
    "day": _change_day,
    "pause": _pause,
    "skip": _skip,
    "resume": _resume,
    "stop": _stop,
}


def other_interval(pledge: Pledge) -> Pledge.Interval:
    is_monthly = pledge.interval == Pledge.Interval.MONTH
    return Pledge.Interval.YEAR if is_monthly else Pledge.Interval.MONTH


def _profile(fields: QueryDict) -> MailProfile:
    ways = {way.value: way for way in profiles.offered()}
    if (text := str(fields.get("mail"))) not in ways:
        raise WrongState(f"{text} is no way to write to anybody")
    return ways[text]


def _amount(currency: str, interval: str, fields: QueryDict) -> Money:
    language = get_language() or "en"
    ladder = amounts.ladder_for({"currency": currency, "interval": interval}, language=language)
    try:
        money = AmountField(ladder, language=language).clean(fields.get("amount", ""))
    except forms.ValidationError as error:
        raise Problem(error.messages[0]) from error
    if money is None:
        raise Problem(_("Please write an amount."))
    return money
