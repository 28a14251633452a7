"""Every WordPress export there is, the broken ones among them."""

import pytest
from wagtail.models import Page

from tamizdat.stories.importing import wxr
from tamizdat.stories.importing.export import ImportRefused
from tamizdat.stories.models import Imported, PlainPage, Story
from tests.stories.importing_inputs import FIXTURES, bring_in, needs_inputs

pytestmark = [needs_inputs, pytest.mark.django_db]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_fixture_comes_in_whole_and_once_or_is_refused_in_plain_words(newsroom, path):
    refused = ""
    try:
        report = bring_in(path)
    except ImportRefused as refusal:
        refused = str(refusal)
    if refused:
        assert refused.startswith(path.name)
        assert refused.endswith(".")
        assert not Imported.objects.exists()
        return
    entries = [e for e in wxr.read(path).entries if e.kind in ("post", "page")]
    brought = Story.objects.count() + PlainPage.objects.count()
    left_out = sum(report.outcomes(kind)["not imported"] for kind in ("post", "page"))
    assert brought + left_out == len(entries)
    for page in [*Story.objects.all(), *PlainPage.objects.all()]:
        page.full_clean()
    assert not any(Page.find_problems())
    assert bring_in(path).counts["rows written"] == 0
