"""Giving, and how it went. There is no session here, so nothing for CSRF to abuse."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
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
    attesting,
    confirming,
    giving,
    guarding,
    halting,
    methods,
    outcome,
    policy,
    profiles,
    proving,
    refund_words,
    transfer_page,
    wording,
)
from tamizdat.funding.addresses import absolute_address, give_address, page_of_ours
from tamizdat.funding.days import day_of
from tamizdat.funding.fees import Loss
from tamizdat.funding.forms import GiftForm
from tamizdat.funding.guarding import Step
from tamizdat.funding.models import AmountLadder, Pledge, RiskRule
from tamizdat.outlet.models import MailProfile, Masthead
from tamizdat.payments import charging, refunding
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
        form = GiftForm(posted, asked=asked, language=_language(), on=day_of(timezone.now()))
    except AmountLadder.DoesNotExist as error:
        raise Http404 from error
    if form.is_valid():
        try:
            if answer := _begin(form, proof=asked.get("proof", "")):
                return answer
        except Unreachable:
            form.add_error(None, wording.no_answer())
        except Declined as no:
            form.add_error(None, wording.refusal(no.reason))
    status = 422 if form.errors else 200
    return render(request, "funding/checkout.html", _checkout_words(form, asked), status=status)


def _begin(form: GiftForm, *, proof: str) -> HttpResponse | None:
    """To the bank, or to their mailbox; None if the form comes back with what is asked for."""
    gift, provider, now = form.gift, form.provider, timezone.now()
    step = guarding.begin(gift, provider=provider, proof=proof, now=now)
    if step in (Step.GO, Step.MAIL):
        return _next(step, giving.promise(gift, now=now), provider=provider, is_attested=True)
    form.add_error("address" if step is Step.ADDRESS else None, wording.next_step(step))
    return None


def _next(step: Step, charge: Charge, *, provider: str, is_attested: bool = False) -> HttpResponse:
    if step is Step.GO:
        return _to_the_bank(charge, provider=provider, is_attested=is_attested)
    confirming.ask(charge, provider=provider, now=timezone.now())
    return redirect("funding:thanks", charge.reference)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request: HttpRequest, reference: str) -> HttpResponse:
    """How it went, as the bank tells it. Looked at again, nothing is charged again."""
    charge = get_object_or_404(Charge, reference=reference)
    now = timezone.now()
    kept_link = _show_link_once(charge) if "link" in request.POST else ""
    problem: HttpResponse | str = ""
    if request.method == "POST" and "link" not in request.POST:
        problem = _go_on(charge, request.POST, now=now)
        if isinstance(problem, HttpResponse):
            return problem
    ending = outcome.of(charge, now=now)
    reloads = _reloads(request)
    words: dict[str, object] = {
        "ending": ending,
        "problem": problem,
        "kept_link": kept_link,
        "work": proving.ask(charge.reference, now=now) if ending.may_try_again else "",
        "is_off": confirming.is_turned_off(charge),
        "reloads": reloads + 1 if reloads < MOST_RELOADS else 0,
    }
    page = f"funding/thanks/{ending.name}.html"
    if ending.name == "awaited" and (attempt := charge.latest_attempt):
        words["transfer"] = transfer_page.of(attempt)
    return render(request, page, words | _thanks_words(charge))


def _go_on(charge: Charge, fields: QueryDict, *, now: datetime) -> HttpResponse | str:
    """Where to go, or why that is not possible."""
    try:
        if "change" in fields:
            return _choose_again(charge)
        return _try_again(charge, proof=fields.get("proof", ""), now=now)
    except Unreachable:
        return wording.no_answer()


def _try_again(charge: Charge, *, proof: str, now: datetime) -> HttpResponse | str:
    if not (attempt := charge.latest_attempt):
        return ""
    try:
        step = guarding.begin_again(charge, proof=proof, now=now)
        if step in (Step.GO, Step.MAIL):
            return _next(step, charge, provider=attempt.provider)
        return str(wording.next_step(step))
    except Declined as no:
        if no.reason == attesting.NOT_ATTESTED:  # the form asks
            return _choose_again(charge)
        return wording.refusal(no.reason)


def _thanks_words(charge: Charge) -> dict[str, object]:
    pledge = Pledge.objects.filter(dues__charge=charge).first()
    next_due_on = pledge.next_due_on if pledge else None
    return {
        "charge": charge,
        "source_page": giving.source_page_of(charge),
        "gift": wording.rhythm(charge.money, giving.interval_of(charge), _language()),
        "pledge": pledge,
        "again": None if pledge else amounts.as_asked(charge.money, giving.ONCE),
        "warning": _warning(pledge),
        "given_back": refund_words.given_back(charge, _language()),
        "is_silent": _is_silent(charge, pledge),
        "came_back": refund_words.came_back(charge, _language()),
        "what_to_do": refund_words.what_to_do(),
        "claim_pages": [
            page for one in charge.refunds.all() if (page := refunding.claim_page(one))
        ],
        "next_day": wording.day(next_due_on, _language()) if next_due_on else "",
        "supporter": giving.supporter_of(charge),
        "masthead": Masthead.objects.speaking(_language()),
    }


def _is_silent(charge: Charge, pledge: Pledge | None) -> bool:
    """Whether the outlet decided that no mail goes where their card is from."""
    supporter = giving.supporter_of(charge)
    if supporter is None or supporter.wants_mail or supporter.has_address:
        return False
    if pledge is None:  # who asked for no mail themselves is not known at all
        return supporter.mail_profile == MailProfile.NONE
    return pledge.instrument is not None and profiles.is_silent(pledge.instrument.issuer_country)


def _show_link_once(charge: Charge) -> str:
    """To whoever wants no mail, the link to their page. Once: the bank knows this address too."""
    supporter = giving.supporter_of(charge)
    if supporter is None or charge.state != Charge.State.SUCCEEDED:
        return ""
    if not supporter.is_beyond_mail:  # known by an address, which anyone may have typed
        return ""
    now = timezone.now()
    if not supporter.take_link(now=now):
        return ""
    token = access.token_for(supporter, charge.due.pledge, now=now)
    return absolute_address("funding:manage", token)


def _warning(pledge: Pledge | None) -> str:
    if pledge is None or pledge.instrument is None:
        return ""
    country, today = pledge.instrument.issuer_country, day_of(timezone.now())
    ways = methods.of_provider(pledge.instrument.provider)
    verdict = policy.verdict(country, pledge.interval, methods=ways, on=today)
    return wording.warning(country) if verdict == RiskRule.Action.WARN else ""


def _to_the_bank(charge: Charge, *, provider: str, is_attested: bool = False) -> HttpResponse:
    try:
        bank = giving.open_bank(
            charge,
            provider=provider,
            language=_language(),
            is_attested=is_attested,
            now=timezone.now(),
        )
    except WrongState:  # paid already, or under way: its page says so
        return redirect("funding:thanks", charge.reference)
    return redirect(bank.url)


def _choose_again(charge: Charge) -> HttpResponse:
    """Call it off first: a reader who pays another one must not pay this one too."""
    charge = charging.cancel(charge, now=timezone.now())
    if charge.state != Charge.State.CANCELED:  # paid, or about to be: its page says so
        return redirect("funding:thanks", charge.reference)
    return redirect(giving.form_for(charge))


def _checkout_words(form: GiftForm, asked: dict[str, str]) -> dict[str, object]:
    ladder, told = form.ladder, form.origin.fields()
    return {
        "form": form,
        "work": proving.ask(form.fresh_reference, now=timezone.now()),
        "off": wording.listed(form.turned_off),
        "ladder": ladder,
        "losses": [(loss, _a_year(loss, asked, **told)) for loss in form.losses],
        "masthead": Masthead.objects.speaking(_language()),
        "address": asked.get("address", ""),
        "source_page": _source_page(asked),
        "intervals": [
            (name, _switch(ladder.currency, value, asked, **told), value == ladder.interval)
            for value, name in (
                ("month", _("Each month")),
                ("year", _("Each year")),
                ("once", _("Once")),
            )
        ],
        "currencies": [
            (code, _switch(code, ladder.interval, asked, **told), code == ladder.currency)
            for code in AmountLadder.objects.currencies()
            if methods.taking(code, interval=ladder.interval)
        ],
    }


def _switch(currency: str, interval: str, asked: dict[str, str], **more: str) -> str:
    query = {"currency": currency, "interval": interval} | more
    if page := _source_page(asked):
        query["from"] = page
    return f"{give_address('funding:checkout')}?{urlencode(query)}"


def _source_page(asked: dict[str, str]) -> str:
    return page_of_ours(asked.get("from", asked.get("source_page", "")))


def _a_year(loss: Loss, asked: dict[str, str], **told: str) -> str:
    """Where the same money is given at once; empty where that is not worth it."""
    if loss.year is None:
        return ""
    amount = amounts.typed(loss.year)
    return _switch(loss.year.currency, "year", asked, amount=amount, **told)


def _reloads(request: HttpRequest) -> int:
    text = request.GET.get("look", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else MOST_RELOADS


def _language() -> str:
    return get_language() or "en"
