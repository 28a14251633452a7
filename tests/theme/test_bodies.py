"""Blocks as the database has them: older than their fields, or about what is gone."""

import pytest

from tamizdat.editions.tracing import Memory, tracing
from tamizdat.theme.facts.bodies import body_of


def shown(kind, value):
    with tracing(Memory()):
        return body_of([{"type": kind, "value": value}]).html.strip()


def test_a_block_that_lacks_a_newer_field_is_shown_without_it():
    link = shown("link", {"title": "The tariff", "address": "https://port.example"})

    assert link == '<p class="onward"><a href="https://port.example">The tariff</a></p>'


@pytest.mark.django_db
def test_a_picture_that_is_deleted_leaves_no_hole():
    assert shown("picture", {"picture": 404, "alt": "A ferry"}) == ""
