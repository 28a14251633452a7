import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from tamizdat.editions.models import Edition
from tamizdat.stories.models import Front, Section
from tests.conftest import NOON


@pytest.fixture
def home(newsroom, admin_client):
    return lambda: admin_client.get(reverse("wagtailadmin_home")).content.decode()


def test_a_paper_that_was_never_baked_says_what_to_do(home):
    assert "tamizdat bake" in home()


def test_the_last_edition_is_told_with_its_failures(home):
    Edition.objects.create(
        number=7,
        baked_at=NOON,
        why="a story was published",
        baked_count=12,
        file_count=40,
        changed_count=3,
        failed_count=1,
        size_bytes=2048,
    )

    page = home()

    assert "No. 7" in page
    assert re.search(r"Files readers can open</dt>\s*<dd>40<", page)
    assert "12 pages baked" in page
    assert "1 could not be baked" in page


def test_what_is_scheduled_is_named(home):
    front = Front.objects.get(locale__language_code="en")
    page: Page = front.add_child(instance=Section(title="Harbour", slug="harbour", live=False))
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision(approved_go_live_at=page.go_live_at)

    assert "Harbour:" in home()
