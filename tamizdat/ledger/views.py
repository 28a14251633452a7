"""The books on the desk: to be read by those who may, and changed by no one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.admin.auth import permission_required

from tamizdat.ledger import books

ENTRIES_PER_PAGE = 50


@require_safe
@permission_required("ledger.view_entry")  # type: ignore[untyped-decorator]
def read(request: HttpRequest) -> HttpResponse:
    """What every account holds, whether it balances, and the entries, newest first."""
    page = Paginator(books.journal(), ENTRIES_PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "accounts": books.trial_balance(),
        "does_balance": books.do_balance(),
        "entries": page,
        "elided_page_range": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "ledger/books.html", context)
