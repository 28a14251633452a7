"""What an editor may put into a story."""

import pytest

from tamizdat.stories.blocks import ImportedHTML


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("<p>Calm<script>alert(1)</script></p>", "<p>Calm</p>"),
        ('<meta http-equiv="refresh" content="0;url=//a.example"><p>Calm</p>', "<p>Calm</p>"),
        ('<p onclick="x()" style="x">Calm</p>', "<p>Calm</p>"),
        ('<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>',) * 2,
    ],
)
def test_imported_html_is_sanitised_whoever_wrote_it(written, stored):
    assert ImportedHTML().clean(written) == stored
