"""Exports of supporters in the desk: asked for by one, approved by another."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.auth import any_permission_required, permission_required

from tamizdat.staff import consenting
from tamizdat.staff.consenting import NoConsent
from tamizdat.staff.forms import AskingForm
from tamizdat.staff.models import ExportRequest

MAY_ASK, MAY_APPROVE = "staff.add_exportrequest", "staff.approve_exportrequest"
MOST_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@any_permission_required(MAY_ASK, MAY_APPROVE)  # type: ignore[untyped-decorator]
def exports(request: HttpRequest) -> HttpResponse:
    """What was asked for, answered and taken, newest first, and the form that asks."""
    may_ask = request.user.has_perm(MAY_ASK)
    form = AskingForm(request.POST or None) if may_ask else None
    if form and form.is_valid():
        asked = consenting.ask(**form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(
            request, f"Asked for, as number {asked.pk}. Somebody else must approve it in 24 hours."
        )
        return redirect("exports")
    now = timezone.now()
    context = {
        "form": form,
        "requests": _newest(),
        "waiting": set(consenting.waiting(now=now).values_list("pk", flat=True)),
        "may_approve": request.user.has_perm(MAY_APPROVE),
    }
    return render(
        request, "staff/exports.html", context, status=422 if form and form.errors else 200
    )


@require_POST
@any_permission_required(MAY_ASK, MAY_APPROVE)  # type: ignore[untyped-decorator]
def refuse(request: HttpRequest, number: int) -> HttpResponse:
    try:
        consenting.refuse(number, by=request.user, now=timezone.now())
    except NoConsent:
        messages.error(request, f"Number {number} was refused or taken before.")
    else:
        messages.success(request, f"Number {number} is refused: nobody can take it.")
    return redirect("exports")


@require_POST
@permission_required(MAY_APPROVE)  # type: ignore[untyped-decorator]
def approve(request: HttpRequest, number: int) -> HttpResponse:
    try:
        consenting.approve(number, by=request.user, now=timezone.now())
    except NoConsent:
        messages.error(
            request,
            f"Number {number} is your own, too old, or was answered before: nothing is done.",
        )
    else:
        messages.success(
            request, f"Number {number} is approved. It may be taken once, in 24 hours."
        )
    return redirect("exports")


def _newest() -> list[ExportRequest]:
    rows = ExportRequest.objects.select_related("asked_by", "decided_by")
    return list(rows.order_by("-pk")[:MOST_SHOWN])
