"""Receipts and yearly statements, as pages and as PDF: made when asked for, kept nowhere."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tamizdat.funding import access, giving, printing, receipts, statements
from tamizdat.funding.models import Supporter
from tamizdat.funding.receipts import NothingArrived
from tamizdat.outlet.links import NotOurLink
from tamizdat.payments.models import Charge


@require_safe
@never_cache
def receipt(request: HttpRequest, reference: str, suffix: str = "") -> HttpResponse:
    """Of a gift that arrived. Whoever has its number may see it, as on the page that thanks."""
    charge = get_object_or_404(Charge, reference=reference)
    is_neutral = _is_neutral(request, giving.supporter_of(charge))
    try:
        sheet = receipts.of(charge, language=_language(), is_neutral=is_neutral)
    except NothingArrived:
        return redirect("funding:thanks", reference)
    if suffix:
        return printing.pdf(sheet, name="receipt")
    words = {"sheet": sheet, "reference": reference}
    return render(request, "funding/receipt.html", words)


@require_safe
@never_cache
def statement(request: HttpRequest, token: str, year: int, suffix: str = "") -> HttpResponse:
    """What whoever holds this link gave in a year."""
    try:
        link = access.read(token, now=timezone.now())
    except NotOurLink:
        return render(request, "funding/broken_link.html", status=404)
    if link.is_expired:
        return redirect("funding:manage", token)
    stated = statements.of(link.supporter, year=year)
    if not stated.rows:
        raise Http404
    is_neutral = _is_neutral(request, link.supporter)
    sheet = statements.as_sheet(stated, language=_language(), is_neutral=is_neutral)
    if suffix:
        return printing.pdf(sheet, name=str(year))
    words = {"sheet": sheet, "year": year, "token": token}
    return render(request, "funding/statement.html", words)


def _is_neutral(request: HttpRequest, supporter: Supporter | None) -> bool:
    return "neutral" in request.GET or receipts.is_neutral(supporter)


def _language() -> str:
    return get_language() or "en"
