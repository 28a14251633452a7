from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from tamizdat.ledger import views
from tamizdat.staff.menus import shown_to


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def books_address() -> list[URLPattern]:
    return [
        path("books/", views.read, name="books"),
        path("books/export/", views.export, name="books_export"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def books_menu_item() -> MenuItem:
    return shown_to(views.MAY_READ)("Books", reverse("books"), icon_name="table", order=320)
