from django.db import models
from wagtail.models import Page

from tamizdat.stories.models.picture import Picture


class Imported(models.Model):
    """Where a page or picture came from, and what it was when it was brought in.

    It outlives its page: what the desk deleted is not brought back by the next run.
    """

    class Kind(models.TextChoices):
        STORY = "story"
        PLAIN_PAGE = "plain page"
        SECTION = "section"
        TOPIC = "topic"
        AUTHOR = "author"
        PICTURE = "picture"

    site = models.CharField(max_length=200)  # the old one, such as news.example.org
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source_id = models.CharField(max_length=255)
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+")
    picture = models.ForeignKey(Picture, models.SET_NULL, null=True, related_name="+")
    fingerprint = models.CharField(max_length=64)  # SHA-256 of what the import wrote
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "kind", "source_id"], name="imported_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id} of {self.site}"
