"""An editor who changes a headline in the desk and presses Publish."""

import time

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from tamizdat.editions.rendering import path_of
from tamizdat.stories.models import Story

EMPTY = (
    "kicker lead_picture lead_alt lead_caption lead_credit revised_at seo_title "
    "search_description go_live_at expire_at"
)
FORMSETS = "bylines story_topics read_more_picks corrections comments"


class Desk:
    def __init__(self) -> None:
        settings.ALLOWED_HOSTS.append("testserver")
        users = get_user_model().objects
        self.client = Client()
        self.client.force_login(users.create_superuser("ana", password="a bench, not a paper"))
        latin = Story.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE)
        self.story = latin.filter(bylines__isnull=False, slug__regex="^[a-z]").newest().first()
        self.file = settings.SITE_ROOT / path_of(self.story)

    def publish(self, headline: str) -> dict[str, float]:
        """Milliseconds from pressing Publish to the answer, the story's file and the front's.

        Raises AssertionError if the file does not hold the headline.
        """
        start, start_ns = time.perf_counter(), time.time_ns()
        answer = self.client.post(f"/desk/pages/{self.story.pk}/edit/", self._form(headline))
        answered = time.perf_counter() - start
        assert answer.status_code == 302, answer.context["form"].errors
        assert headline in self.file.read_text()
        front = settings.SITE_ROOT / "index.html"
        assert headline in front.read_text()
        return {
            "answer": 1000 * answered,
            "story": (self.file.stat().st_mtime_ns - start_ns) / 1e6,
            "front": (front.stat().st_mtime_ns - start_ns) / 1e6,
        }

    def _form(self, headline: str) -> dict[str, str]:
        rows = {name: inline_formset([]) for name in FORMSETS.split()}
        rows |= {
            "bylines": self._rows("bylines", "author"),
            "story_topics": self._rows("story_topics", "topic"),
        }
        paragraphs = [("paragraph", rich_text(f"<p>Line {n} of it.</p>")) for n in range(30)]
        return nested_form_data(
            dict.fromkeys(EMPTY.split(), "")
            | rows
            | {
                "title": headline,
                "slug": self.story.slug,
                "standfirst": self.story.standfirst,
                "body": streamfield(paragraphs),
                "action-publish": "action-publish",
            }
        )

    def _rows(self, name: str, column: str) -> dict[str, str]:
        rows = [
            {"id": row.pk, column: getattr(row, f"{column}_id"), "ORDER": place}
            for place, row in enumerate(getattr(self.story, name).all())
        ]
        return inline_formset(rows, initial=len(rows))
