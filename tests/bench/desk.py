"""The desk as an editor uses it: whole forms, posted to Wagtail's own views."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from tamizdat.stories.models import Author, Section, Story

FIELDS = {
    Story: "title slug kicker standfirst lead_picture_id lead_alt lead_caption lead_credit",
    Author: "title slug role introduction portrait_id",
    Section: "title slug introduction",
}
EMPTY = "revised_at seo_title search_description go_live_at expire_at"
FORMSETS = "bylines story_topics read_more_picks corrections change_notes comments"


class Desk:
    def __init__(self) -> None:
        settings.ALLOWED_HOSTS.append("testserver")
        self.client = Client()
        user, _ = get_user_model().objects.get_or_create(username="ana", is_superuser=True)
        self.client.force_login(user)

    def publish(self, form: dict[str, str], *, at: str) -> None:
        """Press Publish. Raises AssertionError if the desk did not take the form."""
        answer = self.client.post(f"/desk/pages/{at}/", form)
        assert answer.status_code == 302, answer.context and answer.context["form"].errors

    def unpublish(self, story: Story) -> None:
        answer = self.client.post(f"/desk/pages/{story.pk}/unpublish/")
        assert answer.status_code == 302, answer.status_code


def form_of(page: Any, *, body: list[Any] | None = None, **changed: str) -> dict[str, str]:
    """What the editor's browser sends for this page, with what they changed."""
    form: dict[str, Any] = dict.fromkeys(EMPTY.split(), "")
    form |= {name: inline_formset([]) for name in FORMSETS.split()}
    for name in FIELDS[type(page)].split():
        form[name.removesuffix("_id")] = str(getattr(page, name) or "")
    if page.show_in_menus:
        form["show_in_menus"] = "on"
    if isinstance(page, Story):
        form["bylines"] = _rows(page, "bylines", "author")
        form["story_topics"] = _rows(page, "story_topics", "topic")
        form["body"] = streamfield(body or body_of(page))
    return nested_form_data(form | changed | {"action-publish": "action-publish"})


def body_of(story: Story) -> list[Any]:
    return [(block.block_type, _sent(block.block_type, block.value)) for block in story.body]


def _sent(kind: str, value: Any) -> Any:
    """The form fields of a block."""
    if kind == "paragraph":
        return rich_text(value.source)
    if kind == "list":
        items = streamfield([("item", rich_text(item.source)) for item in value["items"]])
        return {"items": items} | ({"numbered": "on"} if value["numbered"] else {})
    return {name: str(part) for name, part in value.items()}


def _rows(page: Any, name: str, column: str) -> dict[str, str]:
    there = list(getattr(page, name).all()) if page.pk else []
    chosen = there or getattr(page, name).all()
    rows = [
        {"id": row.pk or "", column: getattr(row, f"{column}_id"), "ORDER": place}
        for place, row in enumerate(chosen)
    ]
    return inline_formset(rows, initial=len(there))
