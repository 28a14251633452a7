"""The desk's look at mails, while there is no server to send them."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.admin.auth import permission_required

from tamizdat.outlet import kept_mails

FILES_PER_PAGE = 25


@require_safe
@permission_required("outlet.read_mails")  # type: ignore[untyped-decorator]
def mails(request: HttpRequest) -> HttpResponse:
    """What would have been sent, newest first."""
    if not kept_mails.are_kept():
        raise Http404("Mails are sent, not kept.")
    page = Paginator(kept_mails.files(), FILES_PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "files": page,
        "mails": list(kept_mails.read(list(page))),
        "elided_page_range": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "outlet/mails.html", context)
