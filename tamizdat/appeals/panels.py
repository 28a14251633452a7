"""What the outlet asks and how many wait to be asked again. Never who they are."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.db.models import Min
from django.utils import timezone
from wagtail.admin.ui.components import Component

from tamizdat.appeals import weighing
from tamizdat.appeals.models import Experiment, Message, Reminder


class AskPanel(Component):
    name = "asks"
    order = 80
    template_name = "appeals/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 Wagtail's
        standing = Message.objects.filter(is_on=True, is_standing=True, campaign=None)
        live = Counter(standing.values_list("placement", flat=True))
        waiting = Reminder.objects.filter(sent_count=0)
        return {
            "banners": live[Message.Placement.BANNER],
            "asks": live[Message.Placement.ASK],
            "languages": len(settings.LANGUAGES),
            "waiting": waiting.count(),
            "next_month": waiting.aggregate(first=Min("month"))["first"],
            "mailed_once": Reminder.objects.filter(sent_count=1).count(),
            "verdicts": [
                (one, weighing.report(one, now=timezone.now()).verdict)
                for one in Experiment.objects.filter(is_on=True).order_by("pk")
            ],
        }
