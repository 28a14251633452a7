"""Figures for the revenue lead: read, and taken as files. Nobody is named in any of them."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.auth import permission_required

from tamizdat.figures import drawing, experiments, present, reading, reminders
from tamizdat.figures.drawing import Told
from tamizdat.figures.figure import Figure
from tamizdat.figures.models import CountedMonth
from tamizdat.figures.signals import figures_told

MAY_SEE = "funding.view_pledge"


@require_safe
@permission_required(MAY_SEE)  # type: ignore[untyped-decorator]
def show(request: HttpRequest) -> HttpResponse:
    told, currencies = _told(request)
    words = {
        "present": present.now(),
        "figures": _all(told) if told.months else _beside(),
        "currency": told.currency,
        "currencies": currencies,
        "counted": CountedMonth.objects.order_by("counted_at").last(),
    }
    return render(request, "figures/figures.html", words)


@require_safe
@never_cache
@permission_required(MAY_SEE)  # type: ignore[untyped-decorator]
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """The table of one figure as a file, with as little in it as on the page."""
    told, _currencies = _told(request)
    figure = next((one for one in _all(told) if one.slug == slug), None)
    if figure is None:
        raise Http404
    name = f"{slug}-{told.currency}.csv" if told.currency else f"{slug}.csv"
    return HttpResponse(
        "".join(figure.as_csv()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _told(request: HttpRequest) -> tuple[Told, Sequence[str]]:
    currencies = reading.currencies()
    asked = request.GET.get("currency", "")
    currency = asked if asked in currencies else next(iter(currencies), "")
    return Told(reading.months(), currency), currencies


def _all(told: Told) -> list[Figure]:
    return [*(draw(told) for draw in drawing.ALL), *_beside()]


def _beside() -> list[Figure]:
    """Those that need no month to be over."""
    ours = [draw() for draw in (*reminders.ALL, *experiments.ALL)]
    answers: list[tuple[Any, Any]] = figures_told.send(sender=Figure)
    return ours + [figure for _receiver, figures in answers for figure in figures]
