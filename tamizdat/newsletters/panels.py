"""How many want the newsletter, and what went out last. Never who they are."""

from typing import Any

from django.conf import settings
from django.db.models import Count
from wagtail.admin.ui.components import Component

from tamizdat.newsletters.models import Issue, Subscriber


class NewsletterPanel(Component):
    name = "newsletters"
    order = 85
    template_name = "newsletters/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 Wagtail's
        listed = Subscriber.objects.order_by().values_list("language").annotate(Count("pk"))
        counts = dict(listed)
        ended = Issue.objects.filter(state=Issue.State.SENT).select_related("locale")
        return {
            "languages": [(name, counts.get(code, 0)) for code, name in settings.LANGUAGES],
            "last": ended.order_by("-ended_at").first(),
        }
