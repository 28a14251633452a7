"""The zones that run Django, and the desk's own files."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from tamizdat.config.serving import Wsgi


def application() -> Wsgi:
    """Django, and for the desk its files and the pictures that no baked page shows yet."""
    django.setup(set_prefix=False)
    if settings.ZONE == "give":
        return WSGIHandler()
    from tamizdat.config.desk_files import DeskFiles  # here, because it knows our models

    # Of what was uploaded only what was made from it: an original may show more than was published.
    return DeskFiles(WSGIHandler(), settings.MEDIA_ROOT / "images", prefix="media/images")
