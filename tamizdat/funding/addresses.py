"""Where the give zone is, seen from pages and from mails."""

from django.conf import settings
from django.urls import reverse

from tamizdat.outlet.models import MailProfile

LONGEST_PAGE = 200


def give_address(view_name: str, *args: object) -> str:
    """For a link on a page, in the active language; from the root when the give zone is here."""
    return f"{settings.GIVE_ADDRESS}{reverse(view_name, args=args)}"


def mailed_address(view_name: str, *args: object, profile: str) -> str:
    """For a link in a mail that may have to be on a host which does not name us."""
    if profile == MailProfile.NORMAL or not settings.NEUTRAL_ADDRESS:
        return absolute_address(view_name, *args)
    return f"{settings.NEUTRAL_ADDRESS}{reverse(view_name, args=args)}"


def absolute_address(view_name: str, *args: object) -> str:
    """For a link in a mail or for a bank to come back to, in the active language."""
    return f"{settings.GIVE_ADDRESS or settings.SITE_ADDRESS}{reverse(view_name, args=args)}"


def page_of_ours(text: str) -> str:
    """The page that a reader says they come from: a path of the site, or `page_elsewhere`."""
    is_path = text.startswith("/") and not text.startswith("//") and len(text) <= LONGEST_PAGE
    return text if is_path else page_elsewhere(text)


def page_elsewhere(text: str) -> str:
    """The address of a page of another site that we ask on; of anything else, nothing."""
    page = text.partition("#")[0]
    is_ours = page.startswith(tuple(f"{site}/" for site in settings.ASKS_ON))
    return page if is_ours and len(page) <= LONGEST_PAGE else ""
