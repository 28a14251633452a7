"""What providers and our bank say of our money, beside the books, and what to do about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_required

from tamizdat.funding import advising
from tamizdat.funding.desk_forms import ExplainingForm
from tamizdat.ledger import books
from tamizdat.payments import awaiting, differing
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import Difference

MAY_SEE, MAY_EXPLAIN = "payments.view_difference", "payments.change_difference"
MOST_SHOWN = 200


@require_safe
@permission_required(MAY_SEE)  # type: ignore[untyped-decorator]
def show(request: HttpRequest) -> HttpResponse:
    """Each provider and currency, payouts, every difference that is open, then those that were."""
    found = Difference.objects.order_by("-at", "-pk")
    open_ones = found.open()
    words = {
        "standings": differing.standings(),
        "payouts": awaiting.standings(),
        "awaited": awaiting.awaited()[:MOST_SHOWN],
        "open": [(each, advising.on(each)) for each in open_ones[:MOST_SHOWN]],
        "count": open_ones.count(),
        "closed": found.exclude(state=Difference.State.OPEN)[:MOST_SHOWN],
        "may_explain": request.user.has_perm(MAY_EXPLAIN),
    }
    return render(request, "funding/desk/reconciliation.html", words)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_EXPLAIN)  # type: ignore[untyped-decorator]
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """One difference, and the form in which a person says why it is one."""
    difference = get_object_or_404(Difference, pk=pk)
    form = ExplainingForm(request.POST or None)
    if form.is_valid():
        close = differing.believe if form.cleaned_data["books_it"] else differing.explain
        note = form.cleaned_data["note"]
        try:
            close(difference, note=note, by=request.user, now=timezone.now())
        except WrongState:
            messages.error(request, "Nothing was changed: it was closed or booked meanwhile.")
        else:
            messages.success(request, "Explained. Your name and the note are in the log.")
        return redirect("reconciliation:show")
    words = {"difference": difference, "advice": advising.on(difference), "form": form}
    words |= {"memo": books.memo_of(difference.key), "names": differing.names(difference)}
    status = 422 if form.errors else 200
    return render(request, "funding/desk/difference.html", words, status=status)
