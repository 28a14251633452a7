"""Gifts in the desk: found, looked at, given back. No address is ever shown."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.log_actions import log

from tamizdat.funding import giving, giving_back, printing, receipts, statements
from tamizdat.funding.desk_forms import GivingBackForm, ReasonForm, SeekingForm
from tamizdat.payments import refunding, transfer
from tamizdat.payments.errors import Declined, NotSetUp, Unreachable, WrongState
from tamizdat.payments.models import Charge

MAY_SEE, MAY_GIVE_BACK = "funding.view_pledge", "payments.add_refund"
MAY_STEWARD = "funding.change_pledge"
MOST_FOUND = 200
STATE = "funding.state"  # in Wagtail's log
NONE = "Nothing was given back."
SAYS_NO = {
    transfer.BY_HAND: f"{NONE} No bank transfer can be made from here. Send it at your bank "
    "with the reference of this gift; the statement that has it is then offered to be booked.",
}


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
    words["disputes"] = charge.disputes.order_by("pk")
    words["is_claimed"] = refunding.is_claimed(charge)
    words["has_come_back"] = charge.refunds.not_tried_again().exists()
    giver = giving.supporter_of(charge)
    words["years"] = statements.years(giver) if giver else []
    words["erasing"] = _erasing(request, charge)
    status = 422 if form and form.errors else 200
    return render(request, "funding/desk/gift.html", words, status=status)


@require_safe
@permission_required(MAY_SEE)  # type: ignore[untyped-decorator]
def statement(request: HttpRequest, reference: str, year: int) -> HttpResponse:
    """What the giver of this gift gave in a year, in their language. The log says who took it."""
    charge = get_object_or_404(giving_back.gifts(), reference=reference)
    giver = giving.supporter_of(charge)
    stated = statements.of(giver, year=year) if giver else None
    if giver is None or not stated or not stated.rows:
        raise Http404
    data = {"receipt": charge.receipt_number, "year": year}
    log(instance=giving_back.what_it_was(charge), action=STATE, user=request.user, data=data)
    with override(giver.language):
        sheet = statements.as_sheet(
            stated, language=giver.language, is_neutral=receipts.is_neutral(giver)
        )
    return printing.pdf(sheet, name=f"{charge.receipt_number}-{year}")


def _erasing(request: HttpRequest, charge: Charge) -> ReasonForm | None:
    """For whoever gave once and left an address; of a pledge it is on the page of the pledge."""
    supporter = None if hasattr(charge, "due") else charge.contribution.supporter
    is_possible = supporter is not None and supporter.has_address
    return ReasonForm() if is_possible and request.user.has_perm(MAY_STEWARD) else None


def _give_back(request: HttpRequest, charge: Charge, form: GivingBackForm) -> None:
    words, now = form.cleaned_data, timezone.now()
    money = words["amount"]
    try:
        refund = giving_back.give_back(
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
        messages.error(request, SAYS_NO.get(no.reason) or f"The bank refused ({no.reason}). {NONE}")
    except WrongState:
        messages.error(
            request,
            "Nothing more was given back: something of it was given back meanwhile, or is being "
            "given back. This is how it stands now.",
        )
    else:
        done = "Promised" if refunding.claim_page(refund) else "Given back"
        messages.success(request, f"{done}: {money.format('en')}. The books have it.")
