"""For the desk: where a page appears, as the traces know it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from wagtail.models import Page

from tamizdat.editions import explaining


def appearances(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=pk)
    context = {"page": page, "reasons": explaining.shown_on(f"page:{pk}")}
    return render(request, "editions/appearances.html", context)
