"""Which addresses a zone answers. Baked files are not here: they are files."""

from django.conf import settings
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
        prefix_default_language=False,
    ),
]
DESK: list[URLPattern | URLResolver] = [
    path("desk/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Never served: it gives pages the addresses under which they are baked, and previews.
    *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False),
]
urlpatterns = {"all": GIVE + DESK, "give": GIVE, "desk": DESK, "site": []}[settings.ZONE]
