"""What an editor cannot make: a redirect away from the software's own addresses."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect

from tamizdat.outlet.addresses import is_reserved


def install() -> None:
    """Have Wagtail's form say so, and its import of a table.

    What is there all the same is ignored where redirects are baked.
    """
    Redirect._meta.get_field("old_path").validators.append(refuse_reserved)


def refuse_reserved(old_path: str) -> None:
    """Raises ValidationError. Before Wagtail's form has brought the path into its one spelling."""
    if is_reserved(Redirect.normalise_path(old_path)):
        raise ValidationError(
            _("This address belongs to the software: no redirect can lead away from it.")
        )
