from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.outlet import kept_mails, views
from tamizdat.outlet.models import Masthead


class MastheadViewSet(SnippetViewSet):
    model = Masthead
    icon = "home"
    menu_label = "Masthead"
    menu_order = 250
    add_to_settings_menu = True
    list_display = ["name", "locale", "tagline", "currency"]


register_snippet(MastheadViewSet)


class MailsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return kept_mails.are_kept() and request.user.has_perm("outlet.read_mails")


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def mails_address() -> list[URLPattern]:
    return [path("mails/", views.mails, name="mails")]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def mails_menu_item() -> MenuItem:
    return MailsMenuItem("Mails", reverse("mails"), icon_name="mail", order=330)


@hooks.register("register_permissions")  # type: ignore[untyped-decorator]
def permissions_to_give() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="outlet", codename="read_mails")
