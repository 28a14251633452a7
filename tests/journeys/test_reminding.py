"""A reader who is not ready today asks to be reminded, and is forgotten at a press."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey


def test_reminded_later_from_the_ask(reader: Page, inspect: Callable[[Page, str], None]):
    reader.goto("/harbour/ferry-ledger/")
    reader.get_by_role("button", name="Remind me later").click()
    expect(reader.get_by_role("heading", name="When shall we ask again?")).to_be_visible()
    inspect(reader, "remind")

    reader.get_by_label("Your e-mail address").fill("odra@reader.example")
    reader.get_by_role("button", name="Remind me", exact=True).click()

    expect(reader.get_by_label("Your e-mail address")).to_have_count(0)
    inspect(reader, "remind-kept")


def test_an_address_that_is_none_is_kept_and_explained(reader: Page):
    reader.goto("/remind/")
    reader.get_by_label("Your e-mail address").fill("odra at home")
    reader.get_by_role("button", name="Remind me", exact=True).click()

    expect(reader.get_by_role("alert")).to_be_visible()
    expect(reader.get_by_label("Your e-mail address")).to_have_value("odra at home")
