"""What an editor does at the desk about one giver."""

from playwright.sync_api import Page, expect


def find_gifts(editor: Page, address: str) -> None:
    """Those of whoever left this address, in a list."""
    editor.goto("/desk/gifts/")
    editor.get_by_label("E-mail address or receipt number").fill(address)
    editor.get_by_role("button", name="Find").click()


def open_first(editor: Page) -> None:
    """The first gift of the list."""
    editor.locator("table.listing").get_by_role("link").first.click()


def give_back_whole(editor: Page, address: str) -> None:
    """The five dollars of the giver with this address."""
    find_gifts(editor, address)
    open_first(editor)
    editor.get_by_label("Reason").fill("A mistake")
    form = editor.locator("form", has=editor.get_by_label("Amount, in USD"))
    form.get_by_role("button", name="Give back").click()
    expect(editor.get_by_text("Given back: $5")).to_be_visible()
