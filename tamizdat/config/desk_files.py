"""What the desk's zone serves from disk, or makes when a preview is the first to ask for it."""

import contextlib
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles import finders

from tamizdat.config.serving import Files
from tamizdat.stories import developing

_DERIVED = f"{settings.MEDIA_URL}{developing.STORE}/"  # no browser fetches the cards


class DeskFiles(Files):
    """/static/ straight from the packages that bring it: there is no collectstatic to forget."""

    def candidate_paths_for_url(self, url: str) -> Iterator[str]:
        if url.startswith(settings.STATIC_URL):
            if path := finders.find(url.removeprefix(settings.STATIC_URL)):
                yield str(path)
        elif url.startswith(_DERIVED):
            # A preview shows a page before any bake has had its pictures developed.
            with contextlib.suppress(developing.NoSuchPicture, developing.Lost):
                yield str(developing.develop(url.removeprefix(settings.MEDIA_URL)))
        else:
            yield from super().candidate_paths_for_url(url)
