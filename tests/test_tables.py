"""A newsroom that is written down again is the one that was founded."""

from tests import tables


def test_all_tables_hold_what_they_held(newsroom, as_migrated, as_founded):
    assert as_founded.keys() >= {"wagtailcore_page", "outlet_masthead", "editions_change"}
    tables.write(as_founded)

    assert tables.read() == as_migrated | as_founded
