from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from tamizdat.ledger import views


class BooksMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ledger.view_entry")


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def books_address() -> list[URLPattern]:
    return [path("books/", views.read, name="books")]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def books_menu_item() -> MenuItem:
    return BooksMenuItem("Books", reverse("books"), icon_name="table", order=320)
