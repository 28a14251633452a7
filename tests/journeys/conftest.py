"""The demo newsroom, running as `make demo` runs it, and a browser in front of it."""

import contextlib
import email
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests import browser as browsers
from tests.journeys import coins, other_site
from tests.patience import page_at, until
from tests.ports import two_free_ports

BETWEEN_MAILS = b"-" * 79 + b"\n"  # in a file of Django's file backend
SCREENSHOTS = Path(__file__).parents[2] / "var/screenshots"
expect.set_options(timeout=60_000)  # as patient as all that is pressed: machines can be busy


@dataclass(frozen=True)
class Lantern:
    home: Path
    address: str
    other: str  # another site of the newsroom's, on which it asks
    settings: Mapping[str, str]  # with which it was started

    @property
    def password(self) -> str:
        return (self.home / "secrets/desk-password").read_text().strip()

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What was sent to `address`, newest first."""
        files = sorted((self.home / "mail").glob("*.log"), reverse=True)
        texts = (text for file in files for text in file.read_bytes().split(BETWEEN_MAILS))
        mails = [email.message_from_bytes(text, policy=policy.default) for text in texts if text]
        return [mail for mail in mails if mail["To"] == address]

    def mail_to(self, address: str, *, saying: str) -> str:
        """The plain text of the mail to `address` that says so, once it has been sent."""

        def look() -> str | None:
            texts = (plain_text(mail) for mail in self.mails_to(address))
            return next((text for text in texts if saying in text), None)

        return until(look, what=f"a mail to {address} saying {saying!r}")


def plain_text(mail: EmailMessage) -> str:
    return str(mail.get_body(("plain",)).get_content())


@contextlib.contextmanager
def running(home: Path, settings: Mapping[str, str]) -> Iterator[Lantern]:
    """The demo newsroom with `settings` besides, asking on another site too."""
    port = two_free_ports()
    command = [sys.executable, "-m", "tamizdat.config.command", "demo"]
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
    address = f"http://localhost:{port}"
    with other_site.asking_for(address) as other:
        settings = {**settings, "TAMIZDAT_SITE_ASKS_ON": other}
        demo = subprocess.Popen(
            [*command, "--home", home, "--port", str(port)], env=environ | settings
        )
        try:
            page_at(f"{address}/", alive=lambda: demo.poll() is None)
            page_at(f"{address}/remind/", alive=lambda: demo.poll() is None)
            yield Lantern(home, address, other, settings)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(timeout=60)


@pytest.fixture(scope="session")
def lantern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lantern]:
    with (
        coins.at_a_port() as takes_coins,
        running(tmp_path_factory.mktemp("lantern"), takes_coins) as lantern,
    ):
        yield lantern


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=browsers.find(), args=browsers.FLAGS)


def is_complaint(said: ConsoleMessage) -> bool:
    # A form that comes back with its problems is a 422, and the browser notes that.
    return said.type == "error" and "status of 422" not in said.text


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def reader(request: pytest.FixtureRequest, browser: Browser, lantern: Lantern) -> Iterator[Page]:
    """A reader's page; what their browser complains about, and any cookie, fails the test."""
    context = browser.new_context(base_url=lantern.address, java_script_enabled=request.param)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    yield page
    assert context.cookies() == []
    assert complaints == []
    context.close()


@pytest.fixture
def editor(browser: Browser, lantern: Lantern) -> Iterator[Page]:
    """The desk, signed in."""
    context = browser.new_context(base_url=lantern.address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/desk/")
    page.locator("[name=username]").fill("desk")
    page.locator("[name=password]").fill(lantern.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/")
    yield page
    context.close()


STANDS_STILL = """document.getAnimations().filter(
  each => each.effect.getComputedTiming().endTime < Infinity).forEach(each => each.finish())"""


@pytest.fixture
def inspect(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keep what a page looks like at 360 and 1280 px, to be looked at, and have axe read it.

    axe itself is a script, so where a reader has none only the pictures are taken.
    """

    with_script = "without JavaScript" not in request.node.name

    def look(page: Page, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
            too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert too_wide <= 0, f"{name} is {too_wide} px too wide at {width} px"
        if with_script:
            page.evaluate(STANDS_STILL)  # what is still fading in has the colours of neither
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()

    return look
