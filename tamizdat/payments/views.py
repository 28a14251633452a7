from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tamizdat.payments import noticing
from tamizdat.payments.errors import Forged, NotSetUp, Unreachable
from tamizdat.payments.providers import registry


@csrf_exempt  # there is no session to abuse: the signature says who speaks
@require_POST
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep what a provider says. Any answer but 2xx makes it tell us again later."""
    now = timezone.now()
    try:
        bank = registry.get(provider)
    except NotSetUp:
        return HttpResponse(status=404)
    try:
        notice = bank.read_notice(body=request.body, headers=request.headers, now=now)
    except Forged:
        return HttpResponse(status=403)
    except Unreachable:
        return HttpResponse(status=503)
    noticing.note(notice, provider=bank, now=now)
    return HttpResponse(status=204)
