"""The desk gives a gift back and looks at what a rule does; a reader in danger pays nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Lantern
from tests.journeys.desk import find_gifts, open_first
from tests.journeys.later import halted
from tests.journeys.test_giving import address, link_in, press, reach_the_bank  # noqa: F401

pytestmark = pytest.mark.journey


def test_the_desk_finds_a_gift_by_its_giver_s_address_and_gives_a_part_back(
    editor: Page,
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Callable[[Page, str], None],
):
    reach_the_bank(reader, lantern, address)
    press(reader, "0010")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()

    find_gifts(editor, address)
    inspect(editor, "desk-gifts-found")
    open_first(editor)
    editor.get_by_label("Amount, in USD").fill("1.50")
    editor.get_by_label("Reason").fill("Meant to give 3.50")
    inspect(editor, "desk-gift")
    press(editor, "Give back")

    expect(editor.get_by_text("Given back: $1.50")).to_be_visible()
    expect(editor.get_by_role("cell", name="Meant to give 3.50")).to_be_visible()
    inspect(editor, "desk-gift-given-back")
    reader.reload()
    expect(reader.locator("main")).to_contain_text("$1.50 of it was given back")


def test_a_rule_is_looked_at_before_it_is_saved(editor: Page, inspect: Callable[[Page, str], None]):
    editor.goto("/desk/riskrule/new/")
    editor.locator("[name=country]").fill("GE")
    editor.locator("[name=action]").select_option("never")
    editor.locator("[name=starts_on]").fill("2027-01-01")
    editor.keyboard.press("Escape")
    inspect(editor, "desk-rule")
    with editor.context.expect_page() as opened:
        press(editor, "Show what a reader sees")

    preview = opened.value
    expect(preview.get_by_text("it is not saved")).to_be_visible()
    expect(preview.get_by_text("What helps instead").first).to_be_visible()
    inspect(preview, "desk-safety-preview")


def test_a_reader_with_a_card_of_a_risky_country_pays_nothing_and_is_told_what_helps(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Callable[[Page, str], None],
):
    reach_the_bank(reader, lantern, address)
    press(reader, "0643")

    expect(reader.get_by_role("heading", name="Nothing was taken")).to_be_visible()
    expect(reader.get_by_role("alert")).to_contain_text(re.compile("What helps instead"))
    inspect(reader, "risk-country")


def test_a_supporter_whose_gift_was_halted_reads_what_happened_and_what_to_do(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Callable[[Page, str], None],
):
    reach_the_bank(reader, lantern, address)
    press(reader, "0341")
    page = link_in(lantern.mail_to(address, saying="Receipt number"), "/manage/")
    with halted(lantern, "NL"):
        reader.goto(page)
        here = reader.locator("main")
        expect(here).to_contain_text("We stopped it ourselves, so that nobody who gives comes")
        expect(here).to_contain_text("Nothing more is taken")
        expect(here).to_contain_text("You need do nothing")
        expect(here).to_contain_text("What helps instead: read on")
        inspect(reader, "manage-halted")

    reader.reload()
    expect(here).to_contain_text("does not begin again by itself")
    for offered in ("Stop this gift", "Give again", "Use another card"):
        expect(here).not_to_contain_text(offered)
    said = [str(mail["Subject"]) for mail in lantern.mails_to(address)]
    assert said[0] == "Thank you", "no mail tells of it"


def test_the_home_page_has_no_halt_and_the_list_is_empty(editor: Page, lantern: Lantern):
    editor.goto("/desk/haltorder/")

    expect(editor.get_by_role("heading", name="Halts")).to_be_visible()
