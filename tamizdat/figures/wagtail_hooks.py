from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from tamizdat.figures import views
from tamizdat.staff.menus import shown_to


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def figures_address() -> list[URLPattern]:
    return [
        path("figures/", views.show, name="figures"),
        path("figures/<slug:slug>.csv", views.table, name="figures_table"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def figures_menu_item() -> MenuItem:
    return shown_to(views.MAY_SEE)("Figures", reverse("figures"), icon_name="history", order=315)
