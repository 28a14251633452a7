"""The link that a giver is mailed before a bank is opened. GET shows, POST acts.

There is no session here, so nothing for CSRF to abuse: who holds the link may act.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tamizdat.funding import confirming, giving, guarding, wording
from tamizdat.funding.guarding import Step
from tamizdat.funding.models import Confirmation
from tamizdat.payments.errors import Declined, Unreachable, WrongState
from tamizdat.payments.models import Breaker


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        asked = confirming.read(token, now=now)
    except confirming.NotOurLink:
        return render(request, "funding/broken_link.html", status=404)
    problem = ""
    if request.method == "POST":
        try:
            return _go_on(asked, now=now)
        except Unreachable:
            problem = wording.no_answer()
        except Declined as no:
            problem = wording.refusal(no.reason)
        except guarding.NotNow:
            problem = wording.next_step(Step.LATER)
    elif asked.used_at and not confirming.is_under_way(asked.charge.reference):
        return redirect("funding:thanks", asked.charge.reference)
    words = {"gift": _gift(asked), "problem": problem, "is_off": _is_off(asked, now=now)}
    return render(request, "funding/confirm.html", words, status=409 if problem else 200)


def _go_on(asked: Confirmation, *, now: datetime) -> HttpResponse:
    charge, language = asked.charge, get_language() or "en"
    is_under_way = confirming.is_under_way(charge.reference)
    if not is_under_way:
        if asked.used_at:
            return redirect("funding:thanks", charge.reference)
        guarding.go_on(charge, provider=asked.provider, now=now)
        confirming.use(asked, now=now)
    try:
        bank = giving.open_bank(charge, provider=asked.provider, language=language, now=now)
    except WrongState:  # paid already, or called off: its page says so
        return redirect("funding:thanks", charge.reference)
    return redirect(bank.url)


def _gift(asked: Confirmation) -> str:
    charge, language = asked.charge, get_language() or "en"
    return wording.rhythm(charge.money, giving.interval_of(charge), language)


def _is_off(asked: Confirmation, *, now: datetime) -> bool:
    return Breaker.objects.of(asked.provider, now=now).is_off
