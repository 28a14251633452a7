from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.models import Page

from tamizdat.stories import approving, describing
from tamizdat.stories.leaks import leaks
from tamizdat.stories.models.page import TAKEN, is_a_front
from tamizdat.stories.reports import PicturesWithoutWords


@hooks.register("after_publish_page")  # type: ignore[untyped-decorator]
def say_what_is_given_away(request: HttpRequest, page: Page) -> None:
    for leak in leaks(page.specific):
        messages.warning(request, leak)


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]
def publish_only_what_is_described(
    request: HttpRequest, action_type: str, objects: Sequence[Page], action: BulkAction
) -> HttpResponse | None:
    if action_type != "publish" or action.model is not Page:
        return None
    pages = list(objects)
    if action.cleaned_form.cleaned_data["include_descendants"]:
        pages += [each for page in objects for each in page.get_descendants().not_live()]
    objections = describing.objections(pages)
    for objection in objections:
        messages.error(request, objection)
    return redirect(action.next_url) if objections else None


@hooks.register("before_move_page")  # type: ignore[untyped-decorator]
def move_onto_no_front(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    if not is_a_front(page.slug, destination):
        return None
    messages.error(request, TAKEN)
    return redirect("wagtailadmin_pages:move", page.pk)


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]
def story_views() -> approving.StoryViews:
    return approving.StoryViews()


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def report_addresses() -> list[URLPattern]:
    report = PicturesWithoutWords
    return [
        path("reports/pictures/", report.as_view(), name=report.index_url_name),
        path(
            "reports/pictures/results/",
            report.as_view(results_only=True),
            name=report.index_results_url_name,
        ),
    ]


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]
def report_menu_item() -> MenuItem:
    address = reverse(PicturesWithoutWords.index_url_name)
    return MenuItem(_("Pictures without words"), address, icon_name="image", order=650)
