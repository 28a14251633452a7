"""The zones that run Django, and the desk's own files."""

from collections.abc import Iterator

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler

from tamizdat.config.serving import Files, Wsgi


class DeskFiles(Files):
    """/static/ straight from the packages that bring it: there is no collectstatic to forget."""

    def candidate_paths_for_url(self, url: str) -> Iterator[str]:
        if url.startswith(settings.STATIC_URL):
            if path := finders.find(url.removeprefix(settings.STATIC_URL)):
                yield str(path)
        else:
            yield from super().candidate_paths_for_url(url)


def application() -> Wsgi:
    """Django, and for the desk its files and the pictures that no baked page shows yet."""
    django.setup(set_prefix=False)
    if settings.ZONE == "give":
        return WSGIHandler()
    # Of what was uploaded only the renditions: an original may tell where it was taken.
    return DeskFiles(WSGIHandler(), settings.MEDIA_ROOT / "images", prefix="media/images")
