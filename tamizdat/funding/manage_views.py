"""A supporter's own page, opened by the link in a mail. GET shows, POST acts.

There is no session here, so nothing for CSRF to abuse: who holds the link may act.
"""

import contextlib
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tamizdat.funding import (
    access,
    amounts,
    cards,
    manage_acts,
    profiles,
    refund_words,
    restarting,
    selfservice,
    statements,
    wording,
)
from tamizdat.funding.access import Access
from tamizdat.funding.addresses import absolute_address, give_address
from tamizdat.funding.manage_acts import Problem
from tamizdat.funding.models import Pledge, Supporter
from tamizdat.lib.dates import span_in_words
from tamizdat.outlet.links import NotOurLink
from tamizdat.outlet.models import MailProfile
from tamizdat.payments import keeping
from tamizdat.payments.errors import Declined, PaymentError, Unreachable, WrongState
from tamizdat.payments.models import Setup
from tamizdat.payments.models.charge import new_reference


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponseBase:
    now = timezone.now()
    try:
        link = access.read(token, now=now)
    except NotOurLink:
        return render(request, "funding/broken_link.html", status=404)
    if link.is_expired:
        return _expired(request, link, now=now)
    problem = ""
    if request.method == "POST":
        try:
            onward = manage_acts.act(link, request.POST, now=now)
            return onward or redirect("funding:manage", token)
        except Problem as error:
            problem = str(error)
        except WrongState:
            problem = _("That is not possible any more. This is how things stand now.")
    words = _words(link, token, problem)
    return render(request, "funding/manage.html", words, status=409 if problem else 200)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, reference: str) -> HttpResponse:
    """Back from the bank's page where another card was named. Nothing is ever taken here.

    The bank knows this address, so the page leads to nothing that is the reader's alone.
    """
    setup = get_object_or_404(Setup, reference=reference)
    problem = ""
    if request.method == "POST":
        try:
            return redirect(keeping.open_setup(setup).url)
        except (Unreachable, Declined):
            problem = _("The bank does not answer. Nothing was changed: please try again.")
    with contextlib.suppress(PaymentError):  # then it is simply not known yet
        setup = keeping.resolve(setup, now=timezone.now())
    words = {
        "setup": setup,
        "problem": problem,
        "reason": wording.refusal(setup.reason) if setup.reason else "",
        "was_left": setup.reason in ("left", "canceled"),
    }
    return render(request, "funding/card.html", words)


def _expired(request: HttpRequest, link: Access, *, now: datetime) -> HttpResponse:
    is_sent = request.method == "POST" and bool(link.supporter.address)
    if is_sent:
        selfservice.mail_new_link(link.supporter, link.pledge, now=now)
    words = {"is_sent": is_sent, "supporter": link.supporter}
    return render(request, "funding/expired_link.html", words)


def _words(link: Access, token: str, problem: str) -> dict[str, object]:
    pledge = link.pledge
    link.supporter.refresh_from_db()
    words: dict[str, object] = {
        "supporter": link.supporter,
        "pledge": pledge,
        "problem": problem,
        "profiles": _profiles(link.supporter),
        "token": token,
        "kept_link": _kept_link(link, token),
        "is_for_ever": link.is_for_ever,
        "others": _others(link),
        "came_back": refund_words.all_that_came_back(link.supporter, get_language() or "en"),
        "what_to_do": refund_words.what_to_do(),
        "years": [
            (year, span_in_words(year, 0, get_language() or "en"))
            for year in statements.years(link.supporter)
        ],
    }
    if pledge is None:
        return words
    pledge.refresh_from_db()
    return words | _words_of(pledge)


def _words_of(pledge: Pledge) -> dict[str, object]:
    language = get_language() or "en"
    is_active = pledge.state == Pledge.State.ACTIVE
    next_day = wording.day(pledge.next_due_on, language) if pledge.next_due_on else ""
    return {
        "standing": wording.standing(pledge, language),
        "advice": wording.advice(pledge),
        "amount": amounts.typed(pledge.money),
        "gift": wording.gift(pledge, language),
        "next_day": next_day,
        "can_pause": is_active and pledge.interval == Pledge.Interval.MONTH,
        "pauses": [(n, wording.months(n)) for n in selfservice.PAUSES],
        "goes_on": pledge.state in cards.CHANGEABLE,
        "can_change_card": cards.can_begin(pledge),
        "days": [(n, wording.number(n)) for n in manage_acts.DAYS],
        "day": pledge.anchor_on.day if pledge.anchor_on else 0,
        "other_interval": manage_acts.other_interval(pledge),
        "can_restart": restarting.can_restart(pledge),
        "reference": new_reference(),
    }


def _others(link: Access) -> list[tuple[str, str]]:
    """What else they give, and the page of each."""
    going_on = link.supporter.pledges.exclude(state__in=Pledge.ENDED).order_by("pk")
    others = [one for one in going_on if link.pledge is None or one.pk != link.pledge.pk]
    language = get_language() or "en"
    return [
        (
            wording.gift(one, language),
            give_address("funding:manage", access.token_beside(link, one)),
        )
        for one in others
    ]


def _kept_link(link: Access, token: str) -> str:
    """For whoever wants no mail: the address of this page, while it is of use.

    None that works longer is made here: whoever reads one mail would have the page for ever.
    """
    is_of_use = link.is_for_ever or link.supporter.has_address
    if link.supporter.mail_profile != MailProfile.NONE or not is_of_use:
        return ""
    return absolute_address("funding:manage", token)


def _profiles(supporter: Supporter) -> list[tuple[str, str, bool]]:
    names = wording.mail_profiles()
    mine = supporter.mail_profile
    ways = [way for way in MailProfile if way in profiles.offered() or way == mine]
    return [(way.value, names[way], way == mine) for way in ways]
