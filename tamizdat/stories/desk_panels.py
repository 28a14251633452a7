"""What stands in the page editor beside the fields."""

from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from tamizdat.stories.leaks import leaks


class LeaksPanel(Panel):
    """Shown when publishing the page, as it was last saved, would give something away."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Before you publish"), "icon": "warning"} | kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "stories/desk/leaks.html"

        @cached_property
        def leaks(self) -> list[str]:
            return leaks(self.instance) if self.instance.pk else []

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.leaks)
