"""Giving, and how it went. There is no session here, so nothing for CSRF to abuse."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tamizdat.funding import amounts, giving, halting, methods, outcome, policy, wording
from tamizdat.funding.addresses import give_address
from tamizdat.funding.days import day_of
from tamizdat.funding.forms import GiftForm, source_path
from tamizdat.funding.models import AmountLadder, Pledge, RiskRule
from tamizdat.outlet.models import Masthead
from tamizdat.payments import charging
from tamizdat.payments.errors import Declined, Unreachable, WrongState
from tamizdat.payments.models import Charge

MOST_RELOADS = 6


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    if halting.is_everything_halted():
        return render(request, "funding/halted.html")
    posted = request.POST if request.method == "POST" else None
    asked = (request.GET if posted is None else posted).dict()
    try:
        form = GiftForm(posted, asked=asked, language=_language())
    except AmountLadder.DoesNotExist as error:
        raise Http404 from error
    if form.is_valid():
        now = timezone.now()
        try:
            charge = giving.promise(form.gift, now=now)
            return _to_the_bank(charge, provider=form.provider)
        except Unreachable:
            form.add_error(
                None, _("The bank does not answer. Nothing was taken: please try again.")
            )
        except Declined as no:
            form.add_error(None, wording.refusal(no.reason))
    status = 422 if form.errors else 200
    return render(request, "funding/checkout.html", _checkout_words(form, asked), status=status)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request: HttpRequest, reference: str) -> HttpResponse:
    """How it went, as the bank tells it. Looked at again, nothing is charged again."""
    charge = get_object_or_404(Charge, reference=reference)
    problem = ""
    if request.method == "POST" and (attempt := charge.latest_attempt):
        try:
            if "change" in request.POST:
                return _choose_again(charge)
            return _to_the_bank(charge, provider=attempt.provider)
        except Unreachable:
            problem = _("The bank does not answer. Nothing was taken: please try again.")
        except Declined as no:
            problem = wording.refusal(no.reason)
    ending = outcome.of(charge, now=timezone.now())
    reloads = _reloads(request)
    words = {
        "ending": ending,
        "problem": problem,
        "reloads": reloads + 1 if reloads < MOST_RELOADS else 0,
    }
    page = f"funding/thanks/{ending.name}.html"
    return render(request, page, words | _thanks_words(charge))


def _thanks_words(charge: Charge) -> dict[str, object]:
    pledge = Pledge.objects.filter(dues__charge=charge).first()
    next_due_on = pledge.next_due_on if pledge else None
    return {
        "charge": charge,
        "gift": wording.rhythm(charge.money, giving.interval_of(charge), _language()),
        "pledge": pledge,
        "warning": _warning(pledge),
        "given_back": wording.given_back(charge, _language()),
        "next_day": wording.day(next_due_on, _language()) if next_due_on else "",
        "supporter": giving.supporter_of(charge),
        "masthead": Masthead.objects.speaking(_language()),
    }


def _warning(pledge: Pledge | None) -> str:
    if pledge is None or pledge.instrument is None:
        return ""
    country, today = pledge.instrument.issuer_country, day_of(timezone.now())
    is_risky = policy.verdict(country, pledge.interval, on=today) == RiskRule.Action.WARN
    return wording.warning(country) if is_risky else ""


def _to_the_bank(charge: Charge, *, provider: str) -> HttpResponse:
    try:
        bank = giving.open_bank(charge, provider=provider, language=_language(), now=timezone.now())
    except WrongState:  # paid already, or under way: its page says so
        return redirect("funding:thanks", charge.reference)
    return redirect(bank.url)


def _choose_again(charge: Charge) -> HttpResponse:
    """Call it off first: a reader who pays another one must not pay this one too."""
    charge = charging.cancel(charge, now=timezone.now())
    if charge.state != Charge.State.CANCELED:  # paid, or about to be: its page says so
        return redirect("funding:thanks", charge.reference)
    return redirect(_again(charge))


def _checkout_words(form: GiftForm, asked: dict[str, str]) -> dict[str, object]:
    ladder = form.ladder
    return {
        "form": form,
        "ladder": ladder,
        "masthead": Masthead.objects.speaking(_language()),
        "address": asked.get("address", ""),
        "source_path": source_path(asked.get("from", asked.get("source_path", ""))),
        "intervals": [
            (name, _switch(ladder.currency, value, asked), value == ladder.interval)
            for value, name in (
                ("month", _("Each month")),
                ("year", _("Each year")),
                ("once", _("Once")),
            )
        ],
        "currencies": [
            (code, _switch(code, ladder.interval, asked), code == ladder.currency)
            for code in AmountLadder.objects.currencies()
            if methods.taking(code)
        ],
    }


def _switch(currency: str, interval: str, asked: dict[str, str]) -> str:
    query = {"currency": currency, "interval": interval}
    if path := source_path(asked.get("from", asked.get("source_path", ""))):
        query["from"] = path
    return f"{give_address('funding:checkout')}?{urlencode(query)}"


def _again(charge: Charge) -> str:
    query = amounts.as_asked(charge.money, giving.interval_of(charge))
    return f"{give_address('funding:checkout')}?{urlencode(query)}"


def _reloads(request: HttpRequest) -> int:
    text = request.GET.get("look", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else MOST_RELOADS


def _language() -> str:
    return get_language() or "en"
