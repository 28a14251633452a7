"""A supporter's own page, opened by the link in a mail. GET shows, POST acts.

There is no session here, so nothing for CSRF to abuse: who holds the link may act.
"""

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tamizdat.funding import access, amounts, giving, selfservice, wording
from tamizdat.funding.access import Access
from tamizdat.funding.forms import AmountField
from tamizdat.funding.models import Pledge
from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Unreachable, WrongState
from tamizdat.payments.models import Charge


class Problem(Exception):
    """What was asked cannot be done; the message is for the reader."""


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        link = access.read(token, now=now)
    except access.NotOurLink:
        return render(request, "funding/broken_link.html", status=404)
    if link.is_expired:
        return _expired(request, link, now=now)
    problem = ""
    if request.method == "POST":
        try:
            return _act(link, request.POST, now=now) or redirect("funding:manage", token)
        except Problem as error:
            problem = str(error)
        except WrongState:
            problem = _("That is not possible any more. This is how things stand now.")
    return render(
        request, "funding/manage.html", _words(link, problem), status=409 if problem else 200
    )


def _expired(request: HttpRequest, link: Access, *, now: datetime) -> HttpResponse:
    is_sent = request.method == "POST" and bool(link.supporter.address)
    if is_sent:
        selfservice.mail_new_link(link.supporter, link.pledge, now=now)
    words = {"is_sent": is_sent, "supporter": link.supporter}
    return render(request, "funding/expired_link.html", words)


def _act(link: Access, fields: QueryDict, *, now: datetime) -> HttpResponse | None:
    """Raises WrongState for what is not possible now, or not known at all."""
    action = fields.get("action")
    if action == "forget":
        selfservice.forget(link.supporter, now=now)
        return None
    if link.pledge is None:
        raise WrongState(f"{link.supporter} has no pledge here")
    match action:
        case "pay":
            return _pay(link.pledge, now=now)
        case "amount":
            selfservice.change_amount(link.pledge, _amount(link.pledge, fields), now=now)
        case "pause":
            selfservice.pause(link.pledge, _months(fields), now=now)
        case "resume":
            selfservice.resume(link.pledge, now=now)
        case "stop":
            selfservice.stop(link.pledge, now=now)
        case _:
            raise WrongState(f"{action} is nothing to be done")
    return None


def _months(fields: QueryDict) -> int:
    lengths = {str(length): length for length in selfservice.PAUSES}
    return lengths.get(str(fields.get("months")), selfservice.PAUSES[0])


def _amount(pledge: Pledge, fields: QueryDict) -> Money:
    try:
        money = _amount_field(pledge).clean(fields.get("amount", ""))
    except forms.ValidationError as error:
        raise Problem(error.messages[0]) from error
    if money is None:
        raise Problem(_("Please write an amount."))
    return money


def _amount_field(pledge: Pledge) -> AmountField:
    language = get_language() or "en"
    asked = {"currency": pledge.currency, "interval": pledge.interval}
    return AmountField(amounts.ladder_for(asked, language=language), language=language)


def _pay(pledge: Pledge, *, now: datetime) -> HttpResponse:
    """What the bank refused, with a card that the reader chooses; it is the one we keep."""
    due = pledge.dues.order_by("-period_on").first()
    if pledge.state != Pledge.State.PAST_DUE or not due or not pledge.instrument:
        raise WrongState(f"{pledge} owes nothing")
    if due.charge.state == Charge.State.SUCCEEDED:
        raise WrongState(f"{due} is paid")
    try:
        bank = giving.open_bank(
            due.charge,
            provider=pledge.instrument.provider,
            language=get_language() or "en",
            now=now,
        )
    except Unreachable as error:
        raise Problem(
            _("The bank does not answer. Nothing was taken: please try again.")
        ) from error
    except Declined as no:
        raise Problem(wording.refusal(no.reason)) from no
    return redirect(bank.url)


def _words(link: Access, problem: str) -> dict[str, object]:
    language = get_language() or "en"
    pledge = link.pledge
    if pledge:
        pledge.refresh_from_db()
    return {
        "supporter": link.supporter,
        "pledge": pledge,
        "problem": problem,
        "standing": wording.standing(pledge, language) if pledge else "",
        "amount": amounts.typed(pledge.money) if pledge else "",
        "can_pause": pledge
        and pledge.state == Pledge.State.ACTIVE
        and pledge.interval == Pledge.Interval.MONTH,
        "pauses": [(n, wording.months(n)) for n in selfservice.PAUSES],
    }
