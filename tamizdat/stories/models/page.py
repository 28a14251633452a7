"""What every page of the site has in common."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from tamizdat.outlet.addresses import RESERVED_SLUGS
from tamizdat.stories.desk_panels import LeaksPanel


class SitePage(Page):
    """A page that is baked. It has no social-media fields and takes none of our own addresses."""

    show_in_menus_default = False

    content_panels = [LeaksPanel(), *Page.content_panels]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError(
                {"slug": _("This address belongs to the software. Choose another.")}
            )


class ListPage(SitePage):
    """A page whose stories are found by a query."""

    LENGTH = 30

    introduction = models.TextField(_("introduction"), blank=True)

    class Meta:
        abstract = True

    def stories(self) -> Any:
        """The live stories of this page, newest first."""
        raise NotImplementedError

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {
            "stories": self.stories()[: self.LENGTH]
        }
