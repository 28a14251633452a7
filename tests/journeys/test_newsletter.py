"""A reader signs up for the newsletter from the foot of a story, confirms, and leaves again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Lantern

pytestmark = pytest.mark.journey
WORDS = {
    "": ("Newsletter", "Your e-mail address", "Sign up"),
    "ru/": ("Рассылка", "Ваш адрес электронной почты", "Подписаться"),
    "fa/": ("خبرنامه", "نشانی ایمیل شما", "نام‌نویسی"),
}


def test_signed_up_confirmed_and_gone(
    reader: Page, lantern: Lantern, inspect: Callable[[Page, str], None], request
):
    address = f"{len(request.node.name)}@reader.example"
    reader.goto("/harbour/ferry-ledger/")
    reader.get_by_role("link", name="Newsletter").click()
    inspect(reader, "newsletter")
    reader.get_by_label("Your e-mail address").fill(address)
    reader.get_by_role("button", name="Sign up").click()
    expect(reader.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    inspect(reader, "newsletter-asked")

    reader.goto(link_in(lantern.mail_to(address, saying="newsletter of")))
    inspect(reader, "newsletter-confirm")
    reader.get_by_role("button", name="Yes, send it to me").click()
    expect(reader.get_by_role("heading", name="You are on the list")).to_be_visible()
    inspect(reader, "newsletter-yours")

    reader.get_by_role("button", name="Delete it and send nothing more").click()
    expect(reader.get_by_role("heading", name="Nothing is kept for this link")).to_be_visible()


@pytest.mark.parametrize("prefix", ["ru/", "fa/"])
def test_the_form_is_in_the_readers_language(
    reader: Page, inspect: Callable[[Page, str], None], prefix: str
):
    link, label, button = WORDS[prefix]
    reader.goto(f"/{prefix}")
    reader.get_by_role("link", name=link).click()
    reader.get_by_label(label).fill("odra at home")
    reader.get_by_role("button", name=button).click()

    expect(reader.get_by_role("alert")).to_be_visible()
    inspect(reader, f"newsletter-{prefix[:2]}")


def link_in(mail: str) -> str:
    found = re.search(r"http\S+/newsletter/confirm/\S+", mail)
    assert found
    return found[0]
