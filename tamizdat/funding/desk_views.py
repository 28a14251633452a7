"""Gifts in the desk: found, looked at, given back. No address is ever shown."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_required

from tamizdat.funding import giving_back
from tamizdat.funding.desk_forms import GivingBackForm, SeekingForm
from tamizdat.funding.models import Pledge
from tamizdat.payments.errors import Declined, NotSetUp, Unreachable, WrongState
from tamizdat.payments.models import Charge

MAY_SEE, MAY_GIVE_BACK = "funding.view_pledge", "payments.add_refund"
MOST_FOUND = 200


# The address that is looked for is posted, so that no browser and no log remembers it.
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_SEE)  # type: ignore[untyped-decorator]
def find(request: HttpRequest) -> HttpResponse:
    """The gifts of whoever writes to us."""
    form = SeekingForm(request.POST or None)
    found = None
    if form.is_valid():
        found = giving_back.found_by(form.cleaned_data["sought"])[:MOST_FOUND]
    return render(request, "funding/desk/find.html", {"form": form, "gifts": found})


@require_safe
@permission_required(MAY_SEE)  # type: ignore[untyped-decorator]
def of_pledge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every gift of one pledge."""
    pledge = get_object_or_404(Pledge, public_id=public_id)
    gifts = giving_back.gifts().filter(due__pledge=pledge)
    return render(request, "funding/desk/pledge.html", {"pledge": pledge, "gifts": gifts})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_SEE)  # type: ignore[untyped-decorator]
def gift(request: HttpRequest, reference: str) -> HttpResponse:
    """One gift, what was given back of it, and the form that gives back the rest."""
    charge = get_object_or_404(giving_back.gifts(), reference=reference)
    left = giving_back.left_of(charge)
    given = giving_back.given_back(charge)
    is_unheard = any(one.refund.state == one.refund.State.SENT for one in given)
    form = None
    if left.minor and not is_unheard and request.user.has_perm(MAY_GIVE_BACK):
        form = GivingBackForm(request.POST or None, left=left, number=len(given) + 1)
        if form.is_valid():
            _give_back(request, charge, form)
            return redirect("gifts:one", reference)
    elif request.method == "POST":
        messages.error(request, "Nothing was given back: this is how it stands now.")
        return redirect("gifts:one", reference)
    words = {"charge": charge, "given": given, "left": left, "form": form, "is_unheard": is_unheard}
    status = 422 if form and form.errors else 200
    return render(request, "funding/desk/gift.html", words, status=status)


def _give_back(request: HttpRequest, charge: Charge, form: GivingBackForm) -> None:
    words, now = form.cleaned_data, timezone.now()
    money = words["amount"]
    try:
        giving_back.give_back(
            charge,
            money,
            reason=words["reason"],
            number=words["number"],
            by=request.user,
            now=now,
        )
    except NotSetUp:
        messages.error(
            request,
            "Nothing was given back: the provider that took this gift is not set up here any more. "
            "Give it back on the provider's own pages.",
        )
    except Unreachable:
        messages.warning(
            request,
            "The bank does not answer. What you asked for is written down and will be resolved by "
            "itself within minutes of the bank answering again, and given back once. "
            "Do not give it back again.",
        )
    except Declined as no:
        messages.error(request, f"The bank refused ({no.reason}). Nothing was given back.")
    except WrongState:
        messages.error(
            request,
            "Nothing more was given back: something of it was given back meanwhile, or is being "
            "given back. This is how it stands now.",
        )
    else:
        messages.success(request, f"Given back: {money.format('en')}. The books have it.")
