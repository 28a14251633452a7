"""One pledge in the desk: its gifts, and what may be done about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.auth import permission_required

from tamizdat.funding import giving_back, stewarding
from tamizdat.funding.desk_forms import ReasonForm, StewardingForm
from tamizdat.funding.models import Contribution, Pledge
from tamizdat.payments.errors import WrongState

MAY_SEE, MAY_STEWARD = "funding.view_pledge", "funding.change_pledge"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_SEE)  # type: ignore[untyped-decorator]
def pledge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every gift of one pledge, and the form for those who may do something about it."""
    pledge = get_object_or_404(Pledge.objects.select_related("supporter"), public_id=public_id)
    form = None
    if request.user.has_perm(MAY_STEWARD):
        form = StewardingForm(request.POST or None, pledge=pledge)
        if form.is_valid():
            _act(request, pledge, form)
            return redirect("gifts:of_pledge", public_id)
    elif request.method == "POST":
        messages.error(request, "You may not do that.")
        return redirect("gifts:of_pledge", public_id)
    words = {
        "pledge": pledge,
        "form": form,
        "gifts": giving_back.gifts().filter(due__pledge=pledge),
        "history": [(one, stewarding.DONE[one.action]) for one in stewarding.history(pledge)],
        "can_pause": pledge.state == Pledge.State.ACTIVE
        and pledge.interval == Pledge.Interval.MONTH,
    }
    status = 422 if form and form.errors else 200
    return render(request, "funding/desk/pledge.html", words, status=status)


@require_POST
@permission_required(MAY_STEWARD)  # type: ignore[untyped-decorator]
def erase(request: HttpRequest, reference: str) -> HttpResponse:
    """Whoever gave once, and left an address."""
    gift = get_object_or_404(
        Contribution.objects.exclude(supporter=None), charge__reference=reference
    )
    form = ReasonForm(request.POST)
    if form.is_valid() and gift.supporter:
        words = {"reason": form.cleaned_data["reason"], "by": request.user}
        try:
            stewarding.erase(gift.supporter, found_by=gift, now=timezone.now(), **words)
        except WrongState:
            messages.error(request, "There is no address any more.")
        else:
            messages.success(request, f"Done, and written down: {_SAID['erase']}")
    else:
        messages.error(request, "Nothing was erased: a reason is needed.")
    return redirect("gifts:one", reference)


def _act(request: HttpRequest, pledge: Pledge, form: StewardingForm) -> None:
    words = form.cleaned_data
    common = {"reason": words["reason"], "by": request.user, "now": timezone.now()}
    try:
        _ACTS[words["action"]](pledge, words, common)
    except WrongState:
        messages.error(request, "That is not possible now. This is how the pledge stands.")
    else:
        messages.success(request, f"Done, and written down: {_SAID[words['action']]}")


_Act = Callable[[Pledge, dict[str, Any], dict[str, Any]], None]
_ACTS: dict[str, _Act] = {
    "stop": lambda pledge, _, common: stewarding.stop(pledge, **common),
    "pause": lambda pledge, words, common: stewarding.pause(pledge, int(words["months"]), **common),
    "resume": lambda pledge, _, common: stewarding.resume(pledge, **common),
    "skip": lambda pledge, words, common: stewarding.skip(pledge, words["period"], **common),
    "lower": lambda pledge, words, common: stewarding.lower(pledge, words["amount"], **common),
    "link": lambda pledge, _, common: stewarding.send_link(pledge, **common),
    "erase": lambda pledge, _, common: stewarding.erase(
        pledge.supporter, found_by=pledge, **common
    ),
}
_SAID = {
    "stop": "nothing more is taken.",
    "pause": "it goes on by itself.",
    "resume": "it goes on from the next day on.",
    "skip": "the next gift is left out.",
    "lower": "the smaller amount counts from the next gift on.",
    "link": "a new link is on its way to the address that is kept.",
    "erase": "the address is destroyed, and all their pledges are stopped.",
}
