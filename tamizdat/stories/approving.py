"""Approving a story from a list, where no form looks at it as it does in the editor."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from tamizdat.stories import describing
from tamizdat.stories.models import Story


class ApproveWhatIsDescribed(WorkflowActionView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_approved = self.action_name != "reject"
        objections = describing.objections([self.object]) if is_approved else []
        if not objections:
            return super().post(request, *args, **kwargs)
        for objection in objections:
            messages.error(request, objection)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            said = {"step": "success", "redirect": self.redirect_url}
            return self.render_modal_json(request, said)
        return redirect(self.redirect_url)


class StoryViews(PageViewSet):
    model = Story
    workflow_action_view_class = ApproveWhatIsDescribed
    parent_models: list[type[Page]] = []  # a section lists its stories as any page does
