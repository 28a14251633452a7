"""What every page of the site has in common."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from tamizdat.outlet.addresses import RESERVED_SLUGS, languages
from tamizdat.stories.desk_panels import LeaksPanel
from tamizdat.stories.presenting import present

TAKEN = _("This address belongs to the software. Choose another.")


def is_a_front(slug: str, parent: Page | None) -> bool:
    """Whether a page of this slug would stand where a language has its first page."""
    if parent is None or slug.lower() not in languages():
        return False
    is_first = parent.locale.language_code == settings.LANGUAGE_CODE
    return bool(is_first and parent.is_site_root())


class SitePageForm(WagtailAdminPageForm):
    def clean(self) -> Any:
        """Of a new page only the form knows the parent."""
        values = super().clean()
        if self.instance.pk is None and is_a_front(values.get("slug", ""), self.parent_page):
            self.add_error("slug", TAKEN)
        return values


class SitePage(Page):
    """A page that is baked. It has no social-media fields and takes none of our own addresses."""

    show_in_menus_default = False

    base_form_class = SitePageForm
    content_panels = [LeaksPanel(), *Page.content_panels]

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:  # noqa: ARG002
        return present(self, request)  # for whoever is at the desk; readers get files

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:  # noqa: ARG002
        return present(self, request)

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS or is_a_front(self.slug, self.get_parent()):
            raise ValidationError({"slug": TAKEN})


class ListPage(SitePage):
    """A page that lists stories: its own page the newest, older ones by month or year."""

    LENGTH = 30

    introduction = models.TextField(_("introduction"), blank=True)

    class Meta:
        abstract = True
