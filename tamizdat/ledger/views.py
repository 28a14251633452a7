"""The books on the desk: to be read by those who may, and changed by no one."""

from datetime import UTC, date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.auth import permission_required

from tamizdat.ledger import beancount, books, extracts, spreadsheet
from tamizdat.ledger.extracts import Extract
from tamizdat.ledger.forms import ExtractForm
from tamizdat.lib.months import due_on

ENTRIES_PER_PAGE = 50
MAY_READ = "ledger.view_entry"
FORMATS = {
    "csv": (spreadsheet.write, "csv", "text/csv"),
    "beancount": (beancount.write, "beancount", "text/plain"),
}


@require_safe
@permission_required(MAY_READ)  # type: ignore[untyped-decorator]
def read(request: HttpRequest) -> HttpResponse:
    """What every account holds, what a month did to it, and that month's entries, newest first."""
    whole = extracts.days_of_the_books(today=_today())
    first = _month_of(request, whole)
    page = Paginator(books.journal_of(first), ENTRIES_PER_PAGE).get_page(request.GET.get("p"))
    accounts = books.trial_balance()
    context = {
        "accounts": accounts,
        "does_balance": books.sum_to_zero(accounts),
        "month": first,
        "movements": books.month(first),
        "before": due_on(first, -1) if first > whole.first else None,
        "after": due_on(first, 1) if due_on(first, 1) <= whole.last else None,
        "entries": page,
        "elided_page_range": page.paginator.get_elided_page_range(page.number),
        "form": ExtractForm(initial={"first": whole.first, "last": whole.last}),
    }
    return render(request, "ledger/books.html", context)


@require_safe
@never_cache
@permission_required(MAY_READ)  # type: ignore[untyped-decorator]
def export(request: HttpRequest) -> HttpResponseBase:
    """The entries of some days as a file, written while it is sent."""
    form = ExtractForm(request.GET)
    if not form.is_valid():
        return render(request, "ledger/export.html", {"form": form}, status=422)
    extract = form.cleaned_data["extract"]
    write, suffix, kind = FORMATS[form.cleaned_data["format"]]
    name = f"books-{extract.first}-{extract.last}.{suffix}"
    return StreamingHttpResponse(
        write(extract),
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _month_of(request: HttpRequest, whole: Extract) -> date:
    """The first day of the month that is asked for, as far as there are books; else of the last."""
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        asked = whole.last
    return max(min(asked, whole.last), whole.first).replace(day=1)


def _today() -> date:
    return timezone.now().astimezone(UTC).date()
