"""The desk's menu: nobody is shown what they may not open."""

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem


def shown_to(permission: str) -> type[MenuItem]:
    """A menu item for those who have `permission`."""

    class Permitted(MenuItem):
        def is_shown(self, request: HttpRequest) -> bool:
            return request.user.has_perm(permission)

    return Permitted
