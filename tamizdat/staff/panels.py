"""What waits for a second person, where whoever may answer sees it first."""

from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from tamizdat.staff import consenting


class ConsentPanel(Component):
    name = "consent"
    order = 10
    template_name = "staff/consent_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        return {"requests": consenting.waiting(now=timezone.now()).exclude(asked_by=user)}
