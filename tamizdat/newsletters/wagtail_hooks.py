from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.newsletters import desk_views
from tamizdat.newsletters.models import Issue
from tamizdat.newsletters.panels import NewsletterPanel


class IssueViewSet(SnippetViewSet):
    model = Issue
    icon = "mail"
    menu_label = "Newsletters"
    menu_order = 305
    add_to_admin_menu = True
    list_display = [
        TitleColumn(
            "subject",
            label="Subject",
            get_url=lambda issue: reverse("newsletters_desk:show", args=[issue.pk]),
        ),
        Column("language", label="Language"),
        Column("state", label="State", accessor="get_state_display"),
        Column("send_at", label="From"),
    ]
    list_filter = ["locale"]
    ordering = ["-pk"]
    copy_view_enabled = True


register_snippet(IssueViewSet)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def addresses() -> list[URLResolver]:
    own = [
        path("<int:pk>/", desk_views.show, name="show"),
        path("<int:pk>/try/", desk_views.try_out, name="try_out"),
        path("<int:pk>/stop/", desk_views.stop, name="stop"),
    ]
    return [path("newsletters/", include((own, "newsletters_desk")))]


@hooks.register("after_create_snippet")  # type: ignore[untyped-decorator]
@hooks.register("after_edit_snippet")  # type: ignore[untyped-decorator]
def lead_on_to_sending(request: HttpRequest, issue: Any) -> None:
    if isinstance(issue, Issue) and request.user.has_perm(desk_views.MAY_SEND):
        address = reverse("newsletters_desk:show", args=[issue.pk])
        messages.success(
            request, "Saved.", buttons=[messages.button(address, "Try it out or send it")]
        )


@hooks.register("before_edit_snippet")  # type: ignore[untyped-decorator]
def leave_alone_what_has_gone(
    request: HttpRequest,  # noqa: ARG001
    issue: Any,
) -> HttpResponse | None:
    """What was sent is shown, and stays as it is."""
    if isinstance(issue, Issue) and not issue.is_draft:
        return redirect("newsletters_desk:show", issue.pk)
    return None


@hooks.register("before_delete_snippet")  # type: ignore[untyped-decorator]
def keep_what_is_on_its_way(request: HttpRequest, issues: Any) -> HttpResponse | None:
    going = [each for each in issues if isinstance(each, Issue) and each.state in ("due", "out")]
    if going:
        messages.error(request, "It is on its way. Stop it first.")
        return redirect("newsletters_desk:show", going[0].pk)
    return None


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def say_how_many_want_it(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm(desk_views.MAY_SEND):
        panels.append(NewsletterPanel())


@hooks.register("register_permissions")  # type: ignore[untyped-decorator]
def permissions_to_give() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="newsletters", codename="send_issue")


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def log_actions(actions: LogActionRegistry) -> None:
    @actions.register_action(desk_views.SENT)
    class Sent(LogFormatter):
        label = "Send a newsletter"

        def format_message(self, log_entry: Any) -> str:
            return "Stopped" if log_entry.data.get("stopped") else "To be sent"
