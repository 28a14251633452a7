"""Every address there is but those of baked files, which are files.

The same in every zone, because whoever bakes writes links to all of them. Which of them a zone
answers is decided in front of Django: `answers.NAMES`.
"""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

GIVE: list[URLPattern | URLResolver] = [
    path("hooks/", include("tamizdat.payments.urls")),
    *i18n_patterns(
        path("", include("tamizdat.funding.urls")),
        path("", include("tamizdat.appeals.urls")),
        path("", include("tamizdat.newsletters.urls")),
        prefix_default_language=False,
    ),
]
DESK: list[URLPattern | URLResolver] = [
    path("desk/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Never served: it gives pages the addresses under which they are baked, and previews.
    *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False),
]
urlpatterns = GIVE + DESK
