"""Where things stand, for an editor who opens the desk."""

from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import Revision

from tamizdat.editions.models import Edition, Outdated

SCHEDULED = 5


class EditionPanel(Component):
    name = "edition"
    order = 50
    template_name = "editions/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 Wagtail's
        scheduled = Revision.page_revisions.filter(approved_go_live_at__gt=timezone.now())
        return {
            "edition": Edition.objects.first(),
            "waiting": Outdated.objects.count(),
            "scheduled": scheduled.order_by("approved_go_live_at")[:SCHEDULED],
            "scheduled_count": scheduled.count(),
        }
