"""Remind me later, and forgetting it; what browsers count.

There is no session here, so nothing for CSRF to abuse.
"""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tamizdat.appeals import counting, links, reminding, storing
from tamizdat.appeals.forms import RemindForm
from tamizdat.appeals.links import Link
from tamizdat.appeals.models import Reminder
from tamizdat.appeals.months import Month, NotAMonth
from tamizdat.appeals.offers import Gift
from tamizdat.appeals.reminding import Wish
from tamizdat.funding.addresses import page_elsewhere
from tamizdat.outlet.links import NotOurLink
from tamizdat.outlet.models import Masthead


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest) -> HttpResponse:
    language = get_language() or ""
    posted = request.POST if request.method == "POST" else None
    asked = (request.GET if posted is None else posted).dict()
    is_after_gift = "after" in asked
    form = RemindForm(
        posted, today=timezone.localdate(), language=language, is_after_gift=is_after_gift
    )
    gift, page = Gift.read(asked), page_elsewhere(asked.get("from", ""))
    if form.is_valid():
        wish = _wish(form, gift=gift, is_after_gift=is_after_gift)
        try:
            reminding.remember(wish, now=timezone.now())
        except reminding.TooMany:
            form.add_error(None, _("Too many people ask for this just now. Try again in an hour."))
        else:
            return redirect(_kept(wish, page=page))
    words = {
        "form": form,
        "gift": gift,
        "came_from": page,
        "is_after_gift": is_after_gift,
        "masthead": Masthead.objects.speaking(language),
    }
    return render(request, "appeals/remind.html", words, status=422 if form.errors else 200)


@require_safe
def kept(request: HttpRequest, month: str) -> HttpResponse:
    try:
        name = Month.parse(month).in_full(get_language() or "")
    except NotAMonth as error:
        raise Http404 from error
    page = page_elsewhere(request.GET.get("from", ""))
    words = {"month": name, "is_yearly": "yearly" in request.GET, "came_from": page}
    return render(request, "appeals/kept.html", words)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is kept, POST forgets it: a scanner that opens links forgets nothing.

    A link that is too old shows nothing any more. Mail programs unsubscribe by it all the same,
    however old their mail: that shows nothing either.
    """
    try:
        link = links.read(token, now=timezone.now())
    except NotOurLink:
        return render(request, "appeals/broken_link.html", status=404)
    if link.is_expired and "List-Unsubscribe" not in request.POST:
        return _expired(request, link)
    if request.method != "POST":
        return render(request, "appeals/forget.html", {"rows": _rows(link)})
    leaves_alone = "never" in request.POST and not link.is_expired
    act = reminding.leave_alone if leaves_alone else reminding.forget
    act(link.index, now=timezone.now())
    # No redirect: mail programs that unsubscribe by themselves do not follow one (RFC 8058).
    return render(request, "appeals/forgotten.html", {"leaves_alone": leaves_alone})


def _wish(form: RemindForm, *, gift: Gift | None, is_after_gift: bool) -> Wish:
    words = form.cleaned_data
    return Wish(
        address=words["address"],
        month=words["month"],
        language=form.language,
        gift=gift,
        is_yearly=words["yearly"],
        is_after_gift=is_after_gift,
        mail_profile=words["mail"],
    )


def _kept(wish: Wish, *, page: str) -> str:
    query = ({"yearly": "yes"} if wish.is_yearly else {}) | ({"from": page} if page else {})
    return reverse("appeals:kept", args=[wish.month]) + (f"?{urlencode(query)}" if query else "")


def _expired(request: HttpRequest, link: Link) -> HttpResponse:
    """Whatever is pressed there, a new link goes to the address, as long as one is kept."""
    if request.method == "POST":
        reminding.ask_for_link(link.index)
    words = {
        "is_sent": request.method == "POST",
        "is_kept": Reminder.objects.filter(index=link.index).exists(),
    }
    return render(request, "appeals/expired_link.html", words)


def _rows(link: Link) -> list[tuple[str, str]]:
    reminder = Reminder.objects.filter(index=link.index).first()
    return storing.rows(reminder, language=get_language() or "en") if reminder else []


@csrf_exempt
@never_cache
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """What a browser tells of experiments. Nothing is answered, not even what was wrong with it."""
    counting.take_in(request.read(counting.MOST_BYTES + 1), now=timezone.now())
    return HttpResponse(status=204)
