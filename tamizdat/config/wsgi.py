"""What the server runs: the zone that TAMIZDAT_ZONE names."""

import os

from tamizdat.config import answers, serving, settings


def _behind_the_tree() -> serving.Wsgi:
    not_found = serving.NotFound(settings.SITE_ROOT)
    if settings.ZONE == "site":
        return not_found
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tamizdat.config.settings")
    from tamizdat.config import dynamic  # here, because the site zone must not load Django

    return serving.Doorway(
        dynamic.application(),
        names=answers.NAMES[settings.ZONE],
        languages=[code.lower() for code, _ in settings.LANGUAGES],
        otherwise=not_found,
    )


application = serving.site(
    settings.SITE_ROOT,
    redirects=settings.SITE_ROOT.with_name("site.redirects.json"),
    https=settings.SITE_ADDRESS.startswith("https://"),
    behind=_behind_the_tree(),
)
