import pytest
from django.db import connection
from wagtail.models import Page

from tamizdat.config import statistics
from tests.conftest import NOON


@pytest.mark.django_db
def test_of_many_pages_in_one_place_the_one_with_a_slug_is_found_by_it(newsroom):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL counts its rows itself")
    parent = Page.objects.order_by("-depth").first()
    kind = parent.content_type
    Page.objects.bulk_create(
        Page(title=slug, slug=slug, depth=parent.depth + 1, path=f"{parent.path}{slug}",
             content_type=kind, locale=parent.locale)
        for slug in (f"{n:04}" for n in range(500))
    )  # fmt: skip
    taken = Page.objects.child_of(parent).filter(slug="0400")
    assert "slug" not in taken.explain()

    statistics.keep_up(now=NOON)
    assert "slug" in taken.explain()
