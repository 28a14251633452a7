"""Every fixture export there is, the broken ones among them."""

import pytest

from tamizdat.stories.importing import wxr
from tamizdat.stories.importing.export import ImportRefused
from tamizdat.stories.models import Imported, PlainPage, Story
from tests.stories.importing_inputs import FIXTURES, bring_in, needs_inputs

pytestmark = [needs_inputs, pytest.mark.django_db]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_comes_in_whole_and_once(newsroom, path):
    try:
        report = bring_in(path)
    except ImportRefused:
        assert not Imported.objects.exists()
        return
    entries = [e for e in wxr.read(path).entries if e.kind in ("post", "page")]
    brought = Story.objects.count() + PlainPage.objects.count()
    assert brought + report.outcomes("post")["not imported"] == len(entries)
    for page in [*Story.objects.all(), *PlainPage.objects.all()]:
        page.full_clean()
    assert not bring_in(path).changed_anything
