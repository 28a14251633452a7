from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin import messages
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.appeals.models import Message
from tamizdat.appeals.panels import AskPanel


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
def say_what_is_asked(request: HttpRequest, panels: list[Any]) -> None:  # noqa: ARG001
    panels.append(AskPanel())


@hooks.register("after_create_snippet")  # type: ignore[untyped-decorator]
@hooks.register("after_edit_snippet")  # type: ignore[untyped-decorator]
def warn_of_a_long_banner(request: HttpRequest, message: Any) -> None:
    """It is kept all the same: what fits depends on the letters and on the telephone."""
    if isinstance(message, Message) and message.is_long_for_a_telephone:
        words = "On a small telephone this banner takes more than two lines. Can it be shorter?"
        messages.warning(request, words)
