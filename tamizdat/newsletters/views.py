"""The newsletter's pages for readers. There is no session here, so nothing for CSRF to abuse."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tamizdat.lib.languages import language_name
from tamizdat.newsletters import links, subscribing
from tamizdat.newsletters.forms import SignUpForm
from tamizdat.newsletters.models import Subscriber
from tamizdat.outlet.kept_mails import mask
from tamizdat.outlet.links import NotOurLink
from tamizdat.outlet.models import Masthead


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        address = form.cleaned_data["address"]
        try:
            subscribing.sign_up(address=address, language=_language(), now=timezone.now())
        except subscribing.TooMany:
            form.add_error(None, _("Too many people sign up just now. Try again in an hour."))
        else:
            return redirect("newsletters:asked")
    return _page(request, "sign_up", {"form": form}, status=422 if form.errors else 200)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return _page(request, "asked", {})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST acts: a scanner that opens the links of a mail signs nobody up."""
    try:
        if request.method == "POST":
            found = subscribing.confirm(token, now=timezone.now())
            return redirect("newsletters:yours", links.to_page_of(found.public_id))
        links.whose_confirmation(token, now=timezone.now())
    except NotOurLink:
        return _page(request, "broken_link", {}, status=404)
    except links.Expired:
        return _page(request, "expired_link", {}, status=410)
    return _page(request, "confirm", {})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def yours(request: HttpRequest, token: str) -> HttpResponse:
    """What is stored of a subscriber, and a button that deletes it."""
    try:
        subscriber = subscribing.subscriber_of(token)
    except NotOurLink:
        return _page(request, "broken_link", {}, status=404)
    if request.method == "POST" and subscriber:
        subscribing.leave(subscriber)
        subscriber = None
    # No redirect: mail programs that unsubscribe by themselves do not follow one (RFC 8058).
    return (
        _page(request, "yours", _stored(subscriber)) if subscriber else _page(request, "left", {})
    )


def _stored(subscriber: Subscriber) -> dict[str, object]:
    """A mail is passed on with its link, so the address is shown by its first letter."""
    return {
        "address": mask(subscriber.address),
        "language": language_name(subscriber.language),
        "confirmed_on": subscriber.confirmed_on,
    }


def _page(
    request: HttpRequest, name: str, words: dict[str, object], *, status: int = 200
) -> HttpResponse:
    words |= {"masthead": Masthead.objects.speaking(_language())}
    return render(request, f"newsletters/{name}.html", words, status=status)


def _language() -> str:
    return get_language() or ""
