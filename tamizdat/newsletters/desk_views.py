"""Newsletters in the desk: looked at, tried on oneself, sent, stopped. Never who gets them."""

from django.contrib.messages import error, success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.auth import permission_required
from wagtail.log_actions import log

from tamizdat.newsletters import composing, sending
from tamizdat.newsletters.desk_forms import SendForm
from tamizdat.newsletters.models import Issue, Subscriber
from tamizdat.outlet.mailing import MailNotSent

MAY_SEND = "newsletters.send_issue"
SENT = "newsletters.sent"  # in Wagtail's log


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_SEND)  # type: ignore[untyped-decorator]
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """How an issue stands, and the form that sends it."""
    issue = get_object_or_404(Issue.objects.select_related("locale"), pk=pk)
    now = timezone.now()
    form = SendForm(request.POST or None, now=now)
    problem = _problem(issue)
    if issue.is_draft and not problem and request.method == "POST" and form.is_valid():
        if issue.move_to(Issue.State.DUE, send_at=form.cleaned_data["send_at"]):
            log(instance=issue, action=SENT, user=request.user)
            success(request, "The worker sends it.")
        return redirect("newsletters_desk:show", pk)
    words = {
        "issue": issue,
        "form": form,
        "problem": problem,
        "subscribers": Subscriber.objects.filter(language=issue.language).count(),
        "figures": sending.figures(issue),
        "edit_address": reverse(Issue.snippet_viewset.get_url_name("edit"), args=[pk]),
    }
    return render(request, "newsletters/desk/issue.html", words)


@require_POST
@permission_required(MAY_SEND)  # type: ignore[untyped-decorator]
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail it to the one who asks, and to nobody else."""
    issue = get_object_or_404(Issue.objects.select_related("locale"), pk=pk)
    address = getattr(request.user, "email", "")
    try:
        if not address:
            error(request, "Your account has no address. Add one under Account.")
        else:
            sending.try_out(issue, address=address)
            success(request, f"It is on its way to {address}.")
    except (composing.CannotGo, MailNotSent) as trouble:
        error(request, f"It was not sent: {trouble}")
    return redirect("newsletters_desk:show", pk)


@require_POST
@permission_required(MAY_SEND)  # type: ignore[untyped-decorator]
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    issue = get_object_or_404(Issue, pk=pk)
    if sending.stop(issue, now=timezone.now()):
        log(instance=issue, action=SENT, user=request.user, data={"stopped": True})
        success(request, "It is stopped. What the mail server has, it has.")
    else:
        error(request, "It has gone already.")
    return redirect("newsletters_desk:show", pk)


def _problem(issue: Issue) -> str:
    try:
        composing.write(issue)
    except composing.CannotGo as problem:
        return str(problem)
    return ""
