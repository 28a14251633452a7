"""What every page of the site has in common."""

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from tamizdat.outlet.addresses import RESERVED_SLUGS
from tamizdat.stories.desk_panels import LeaksPanel
from tamizdat.stories.presenting import present


class SitePage(Page):
    """A page that is baked. It has no social-media fields and takes none of our own addresses."""

    show_in_menus_default = False

    content_panels = [LeaksPanel(), *Page.content_panels]

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:  # noqa: ARG002
        return present(self, request)  # for whoever is at the desk; readers get files

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:  # noqa: ARG002
        return present(self, request)

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError(
                {"slug": _("This address belongs to the software. Choose another.")}
            )


class ListPage(SitePage):
    """A page that lists stories: its own page the newest, older ones by month or year."""

    LENGTH = 30

    introduction = models.TextField(_("introduction"), blank=True)

    class Meta:
        abstract = True
