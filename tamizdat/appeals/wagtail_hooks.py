from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import TitleColumn
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.appeals import desk_views, stopping
from tamizdat.appeals.forms import ExperimentForm
from tamizdat.appeals.models import Asking, Campaign, Experiment, Message
from tamizdat.appeals.panels import AskPanel


class OneRow(ModelPermissionPolicy):
    """Made with the newsroom, and changed: of two rows only one would be read."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in ("add", "delete") and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(Asking, OneRow(Asking))


class MessageViewSet(SnippetViewSet):
    model = Message
    icon = "comment"
    menu_label = "Asks"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["__str__", "is_on", "is_standing", "priority", "campaign"]
    list_filter = ["placement", "locale", "is_on", "campaign"]
    ordering = ["locale", "placement", "-priority"]


class CampaignViewSet(SnippetViewSet):
    model = Campaign
    icon = "calendar-alt"
    menu_label = "Campaigns"
    menu_order = 312
    add_to_admin_menu = True
    list_display = ["name", "is_on", "begins_at", "ends_at"]
    ordering = ["-begins_at"]


class AskingViewSet(SnippetViewSet):
    model = Asking
    icon = "cog"
    menu_label = "How we ask"
    menu_order = 313
    add_to_admin_menu = True
    list_display = ["__str__", "is_off", "holdback"]
    copy_view_enabled = False


class ExperimentViewSet(SnippetViewSet):
    model = Experiment
    edit_handler = ObjectList(Experiment.panels, base_form_class=ExperimentForm)
    icon = "view"
    menu_label = "Experiments"
    menu_order = 311
    add_to_admin_menu = True
    list_display = [
        TitleColumn("name", get_url=lambda one: reverse("experiment", args=[one.key])),
        "key",
        "is_on",
        "began_at",
        "ended_at",
    ]
    ordering = ["-pk"]


register_snippet(MessageViewSet)
register_snippet(ExperimentViewSet)
register_snippet(CampaignViewSet)
register_snippet(AskingViewSet)


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def say_what_is_asked(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm(desk_views.MAY_RUN):
        panels.append(AskPanel())


@hooks.register("after_create_snippet")  # type: ignore[untyped-decorator]
@hooks.register("after_edit_snippet")  # type: ignore[untyped-decorator]
def warn_of_a_long_banner(request: HttpRequest, message: Any) -> None:
    """It is kept all the same: what fits depends on the letters and on the telephone."""
    if isinstance(message, Message) and message.is_long_for_a_telephone:
        words = "On a small telephone this banner takes more than two lines. Can it be shorter?"
        messages.warning(request, words)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def addresses_of_experiments() -> list[URLPattern]:
    return [
        path("experiments/<slug:key>/", desk_views.show, name="experiment"),
        path("experiments/<slug:key>/begin/", desk_views.begin, name="experiment_begin"),
        path("experiments/<slug:key>/end/", desk_views.end, name="experiment_end"),
        path("experiments/<slug:key>/arms.csv", desk_views.arms_csv, name="experiment_arms"),
        path("experiments/<slug:key>/days.csv", desk_views.days_csv, name="experiment_days"),
    ]


@hooks.register("before_edit_snippet")  # type: ignore[untyped-decorator]
def leave_alone_what_has_begun(request: HttpRequest, snippet: Any) -> HttpResponse | None:
    """Another arm, measure or wording in the middle would make its figures say nothing."""
    if isinstance(snippet, Experiment) and snippet.began_at:
        return redirect("experiment", snippet.key)
    return _stop_first(request, [snippet])


@hooks.register("before_delete_snippet")  # type: ignore[untyped-decorator]
def delete_no_message_that_is_under_test(
    request: HttpRequest, snippets: list[Any]
) -> HttpResponse | None:
    return _stop_first(request, snippets)


@hooks.register("before_delete_snippet")  # type: ignore[untyped-decorator]
def delete_no_experiment_that_is_used(
    request: HttpRequest, snippets: list[Any]
) -> HttpResponse | None:
    for one in snippets:
        if not isinstance(one, Experiment):
            continue
        if one.is_on:
            messages.error(request, "Stop the experiment first.")
            return redirect("experiment", one.key)
        if Message.objects.filter(arm__experiment=one).exists():
            messages.error(request, "Messages belong to its arms. Delete or free these first.")
            return redirect("experiment", one.key)
    return None


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def what_is_kept_of_experiments(actions: LogActionRegistry) -> None:
    actions.register_action(desk_views.BEGIN, "Begin an experiment", "Began the experiment")

    @actions.register_action(stopping.STOP)
    class Stop(LogFormatter):
        label = "Stop an experiment"

        def format_message(self, entry: Any) -> str:
            kept = entry.data.get("kept", "")
            return f"Stopped the experiment and kept {kept.upper() or 'none'}"


def _stop_first(request: HttpRequest, snippets: list[Any]) -> HttpResponse | None:
    """To the experiment of the first message among them that is under test."""
    arms = [each.arm for each in snippets if isinstance(each, Message)]
    running = (arm.experiment for arm in arms if arm and arm.experiment.is_on)
    if (experiment := next(running, None)) is None:
        return None
    words = "This message is under test: with other words its figures would say nothing. Stop the "
    messages.error(request, words + "experiment first; then nobody sees it, and it can be changed.")
    return redirect("experiment", experiment.key)
