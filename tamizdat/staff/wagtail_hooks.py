from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def our_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("staff/desk.css"))


# After those of Wagtail, which put the items there.
@hooks.register("construct_homepage_summary_items", order=100)  # type: ignore[untyped-decorator]
def count_nothing_twice(request: HttpRequest, items: list[Any]) -> None:  # noqa: ARG001
    """Our panels say what there is; a number of pictures and documents tells nobody anything."""
    items.clear()
