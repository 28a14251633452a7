"""What the desk shows of a page that is not yet in the tree."""

import pytest
from django.test import RequestFactory
from wagtail.models import Page

from tamizdat.stories.models import Author, Authors, Front, PlainPage, Section, Story, Topic
from tamizdat.theme.previewing import preview

KINDS = [Author, Authors, Front, PlainPage, Section, Story, Topic]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_page_can_be_looked_at_before_it_is_kept(paper, kind):
    page = kind(title="A new page", slug="new", locale=paper.front.locale)
    page.depth, page.path = 3, Page._get_children_path_interval(paper.section.path)[1]
    page.set_url_path(paper.section)

    assert "A new page" in preview(page, RequestFactory().get("/")).content.decode()
