"""Where the give zone is, seen from pages and from mails."""

from django.conf import settings
from django.urls import reverse


def give_address(view_name: str, *args: object) -> str:
    """For a link on a page, in the active language; from the root when the give zone is here."""
    return f"{settings.GIVE_ADDRESS}{reverse(view_name, args=args)}"


def absolute_address(view_name: str, *args: object) -> str:
    """For a link in a mail or for a bank to come back to, in the active language."""
    return f"{settings.GIVE_ADDRESS or settings.SITE_ADDRESS}{reverse(view_name, args=args)}"
