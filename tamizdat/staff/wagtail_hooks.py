from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from tamizdat.staff import views
from tamizdat.staff.consenting import ASK, DECISIONS, TAKE, TAKE_ALONE, State
from tamizdat.staff.menus import shown_to
from tamizdat.staff.panels import ConsentPanel


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def our_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("staff/desk.css"))


# After those of Wagtail, which put the items there.
@hooks.register("construct_homepage_summary_items", order=100)  # type: ignore[untyped-decorator]
def count_nothing_twice(request: HttpRequest, items: list[Any]) -> None:  # noqa: ARG001
    """Our panels say what there is; a number of pictures and documents tells nobody anything."""
    items.clear()


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def addresses_of_exports() -> list[URLPattern]:
    return [
        path("exports/", views.exports, name="exports"),
        path("exports/<int:number>/approve/", views.approve, name="approve_export"),
        path("exports/<int:number>/refuse/", views.refuse, name="refuse_export"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def exports_menu_item() -> MenuItem:
    item = shown_to(views.MAY_ASK, views.MAY_APPROVE)
    return item("Exports", reverse("exports"), icon_name="lock", order=330)


@hooks.register("register_permissions")  # type: ignore[untyped-decorator]
def permissions_for_exports() -> QuerySet[Permission]:
    names = ["add_exportrequest", "approve_exportrequest"]
    return Permission.objects.filter(content_type__app_label="staff", codename__in=names)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def what_is_kept_of_exports(actions: LogActionRegistry) -> None:
    for action, done in (
        (ASK, "Asked to take supporters away"),
        (DECISIONS[State.APPROVED], "Approved taking supporters away"),
        (DECISIONS[State.REFUSED], "Refused taking supporters away"),
        (TAKE, "Took supporters away"),
        (TAKE_ALONE, "Took supporters away alone, at the server"),
    ):
        actions.register_action(action, done, done)


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def say_what_waits_for_a_second_person(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm(views.MAY_APPROVE):
        panels.append(ConsentPanel())
