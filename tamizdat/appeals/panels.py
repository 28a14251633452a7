"""How many readers wait to be asked again, for whoever opens the desk. Never who they are."""

from typing import Any

from django.db.models import Min
from wagtail.admin.ui.components import Component

from tamizdat.appeals.models import Reminder


class ReminderPanel(Component):
    name = "reminders"
    order = 80
    template_name = "appeals/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 Wagtail's
        waiting = Reminder.objects.filter(sent_count=0)
        return {
            "waiting": waiting.count(),
            "next_month": waiting.aggregate(first=Min("month"))["first"],
            "mailed_once": Reminder.objects.filter(sent_count=1).count(),
        }
