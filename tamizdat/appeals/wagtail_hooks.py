from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.appeals.models import Message
from tamizdat.appeals.panels import ReminderPanel


class MessageViewSet(SnippetViewSet):
    model = Message
    icon = "comment"
    menu_label = "Asks"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["__str__", "text", "is_on"]
    list_filter = ["placement", "locale", "is_on"]
    ordering = ["locale", "placement"]


register_snippet(MessageViewSet)


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def say_who_waits(request: HttpRequest, panels: list[Any]) -> None:  # noqa: ARG001
    panels.append(ReminderPanel())
