from django.http import Http404, HttpRequest, HttpResponse


def checkout(request: HttpRequest) -> HttpResponse:
    raise Http404


def thanks(request: HttpRequest, reference: str) -> HttpResponse:
    raise Http404


def manage(request: HttpRequest, token: str) -> HttpResponse:
    raise Http404
