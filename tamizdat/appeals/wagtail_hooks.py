from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.appeals.models import Message


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
