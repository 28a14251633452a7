"""Pages of a language in which an unknown country is taken for one of danger."""

import pytest
from wagtail.models import Locale

from tamizdat.appeals.models import Asking, Message
from tests.theme.reading import page_of


@pytest.fixture
def wary(paper):
    asking = Asking.objects.get()
    asking.wary_in.add(Locale.objects.get(language_code="en"))
    asking.save()
    return paper


@pytest.mark.parametrize("is_sensitive", [False, True])
def test_the_page_itself_brings_the_safety_notice_and_asks_nobody(wary, is_sensitive):
    wary.story.is_sensitive = is_sensitive
    wary.story.save_revision().publish()
    page = page_of(wary.story)
    notice = Message.objects.get(placement="safety", locale__language_code="en")

    assert page.xpath("//aside[@class='banner']//a/@href") == ["/give/#safe"]
    assert page.xpath("//section[@class='ask']/h2/text()") == [notice.headline]
    assert page.xpath("//form") == []


def test_where_there_is_no_notice_for_everyone_it_says_nothing(wary):
    Message.objects.filter(placement="safety").update(countries="BY")
    page = page_of(wary.story)

    assert page.xpath("//aside[@class='banner']") == []
    assert page.xpath("//section[@class='ask']/@hidden") == [""]
