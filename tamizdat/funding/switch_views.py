"""The desk's switches: ways to pay, turned off and on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import permission_required

from tamizdat.funding import switching
from tamizdat.funding.desk_forms import SwitchForm


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(switching.MAY_SWITCH)  # type: ignore[untyped-decorator]
def ways_to_pay(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = SwitchForm(request.POST or None)
    if form.is_valid():
        words = form.cleaned_data
        on = words["turn"] == "on"
        provider, reason = words["provider"], words["reason"]
        switching.switch(provider, on=on, reason=reason, by=request.user, now=now)
        messages.success(request, f"{provider} is turned {words['turn']}.")
        return redirect("ways-to-pay:switch")
    context = {"form": form, "standings": switching.standings(now=now)}
    status = 422 if form.errors else 200
    return render(request, "funding/desk/ways_to_pay.html", context, status=status)
