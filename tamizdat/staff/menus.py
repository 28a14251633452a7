"""The desk's menu: nobody is shown what they may not open."""

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem


def shown_to(*permissions: str) -> type[MenuItem]:
    """A menu item for those who have one of these permissions."""

    class Permitted(MenuItem):
        def is_shown(self, request: HttpRequest) -> bool:
            return any(map(request.user.has_perm, permissions))

    return Permitted
