from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from tamizdat.editions.panels import EditionPanel


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def say_where_the_paper_stands(request: HttpRequest, panels: list[Any]) -> None:  # noqa: ARG001
    panels.append(EditionPanel())
