from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.outlet.models import Masthead


class MastheadViewSet(SnippetViewSet):
    model = Masthead
    icon = "home"
    menu_label = "Masthead"
    menu_order = 250
    add_to_settings_menu = True
    list_display = ["name", "locale", "tagline", "currency"]


register_snippet(MastheadViewSet)
