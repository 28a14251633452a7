"""What the outlet asks and how many wait to be asked again. Never who they are."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from wagtail.admin.ui.components import Component

from tamizdat.appeals import weighing
from tamizdat.appeals.models import Experiment, Message, Reminder
from tamizdat.lib import anonymity


class AskPanel(Component):
    name = "asks"
    order = 80
    template_name = "appeals/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 Wagtail's
        standing = Message.objects.filter(is_on=True, is_standing=True, campaign=None)
        live = Counter(standing.values_list("placement", flat=True))
        waiting = _by_month(sent_count=0)
        return {
            "banners": live[Message.Placement.BANNER],
            "asks": live[Message.Placement.ASK],
            "languages": len(settings.LANGUAGES),
            "waiting": _in_all(waiting.values()),
            "next_month": min(waiting, default=None),
            "mailed_once": _in_all(_by_month(sent_count=1).values()),
            "verdicts": [
                (one, weighing.report(one, now=timezone.now()).verdict)
                for one in Experiment.objects.filter(is_on=True).order_by("pk")
            ],
        }


def _by_month(*, sent_count: int) -> dict[date, int]:
    rows = Reminder.objects.filter(sent_count=sent_count).values_list("month")
    return dict(rows.annotate(Count("pk")))


def _in_all(counts: Collection[int]) -> str:
    """How many, in the words of the figures, which tell them by months."""
    if anonymity.is_few(sum(counts)):
        return f"fewer than {anonymity.FEWEST}"
    return "–" if anonymity.are_given_away(counts) else str(sum(counts))
