"""Remind me later, and forgetting it. There is no session here, so nothing for CSRF to abuse."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tamizdat.appeals import reminding
from tamizdat.appeals.forms import RemindForm
from tamizdat.appeals.months import Month, NotAMonth
from tamizdat.appeals.offers import Gift
from tamizdat.outlet.models import Masthead


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest) -> HttpResponse:
    language = get_language() or ""
    asked = request.POST if request.method == "POST" else None
    form = RemindForm(asked, today=timezone.localdate(), language=language)
    gift = Gift.read((asked or request.GET).dict())
    if form.is_valid():
        month = form.cleaned_data["month"]
        reminding.remember(
            address=form.cleaned_data["address"], month=month, language=language, gift=gift
        )
        return redirect("appeals:kept", month)
    words = {"form": form, "gift": gift, "masthead": Masthead.objects.speaking(language)}
    return render(request, "appeals/remind.html", words, status=422 if form.errors else 200)


@require_safe
def kept(request: HttpRequest, month: str) -> HttpResponse:
    try:
        name = Month.parse(month).name(get_language() or "")
    except NotAMonth as error:
        raise Http404 from error
    return render(request, "appeals/kept.html", {"month": name})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST acts: a scanner that opens the links of a mail forgets nothing."""
    try:
        reminding.read_link(token)
    except reminding.NotOurLink:
        return render(request, "appeals/broken_link.html", status=404)
    if request.method != "POST":
        return render(request, "appeals/forget.html")
    leaves_alone = "never" in request.POST
    (reminding.leave_alone if leaves_alone else reminding.forget)(token)
    # No redirect: mail programs that unsubscribe by themselves do not follow one (RFC 8058).
    return render(request, "appeals/forgotten.html", {"leaves_alone": leaves_alone})
