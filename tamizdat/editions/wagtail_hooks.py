from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from tamizdat.editions import views
from tamizdat.editions.panels import EditionPanel


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def say_where_the_paper_stands(request: HttpRequest, panels: list[Any]) -> None:  # noqa: ARG001
    panels.append(EditionPanel())


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def appearances_address() -> list[URLPattern]:
    return [path("pages/<int:pk>/appearances/", views.appearances, name="appearances")]


@hooks.register("register_page_header_buttons")  # type: ignore[untyped-decorator]
def appearances_button(page: Page, user: Any, view_name: str, next_url: str = "") -> Iterator[Any]:  # noqa: ARG001 Wagtail's
    yield Button("Where it appears", reverse("appearances", args=[page.pk]), icon_name="view")
