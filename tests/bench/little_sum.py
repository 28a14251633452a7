"""How long a reader's browser works at the little sum, on this machine and on a slow phone.

Chromium's own throttle slows one thread, and this work is done in others. So the browser's
processes are stopped for a part of each twentieth of a second, all of them.
"""

import contextlib
import http.server
import os
import signal
import statistics
import threading
import time
from collections.abc import Iterator
from typing import Any

import psutil
from playwright.sync_api import Page, sync_playwright

from tamizdat.lib import puzzle
from tests import browser as browsers

SLICE = 0.05  # s
RUNS = 7
FORM = (
    "<!doctype html><form data-work='{work}'><input name=proof type=hidden>"
    "<input id=x><progress hidden></progress></form><script type=module>{script}</script>"
)
WAIT = """async () => {
  const began = performance.now();
  document.querySelector('#x').focus();
  while (!document.forms[0].elements.proof.value) await new Promise((go) => setTimeout(go, 5));
  return performance.now() - began;
}"""


def measure(script: bytes, *, most: int) -> dict[str, Any]:
    """Milliseconds until the answer is there: here, and six times slower."""
    with _browser() as (page, address):
        here = [_once(page, address, script, most) for _ in range(RUNS)]
        with _slowed(6):
            slow = [_once(page, address, script, most) for _ in range(RUNS)]
    return {"most": most, "here": _summed(here), "slow": _summed(slow)}


def _summed(times: list[float]) -> dict[str, int]:
    return {"median": round(statistics.median(times)), "longest": round(max(times))}


def _once(page: Page, address: str, script: bytes, most: int) -> float:
    made = puzzle.make(most=most)
    work = f"r.0.{puzzle.ROUNDS}.{made.most}.{made.nonce}.{made.target}:s"
    body = FORM.format(work=work, script=script.decode())
    page.route("**/*", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(address)
    milliseconds = float(page.evaluate(WAIT))
    proof = str(page.evaluate("document.forms[0].elements.proof.value"))
    assert puzzle.is_solved(made, int(proof.rpartition("~")[2]))
    return milliseconds


@contextlib.contextmanager
def _browser() -> Iterator[tuple[Page, str]]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.find(), args=browsers.FLAGS)
        page = browser.new_page()
        page.set_default_timeout(300_000)
        yield page, f"http://localhost:{server.server_port}/"
        browser.close()
    server.server_close()


@contextlib.contextmanager
def _slowed(times: int) -> Iterator[None]:
    """Our own browser's renderers run for one part in so many."""
    over = threading.Event()

    def slow() -> None:
        while not over.is_set():
            renderers = [one.pid for one in _ours() if "--type=renderer" in one.cmdline()]
            _tell(renderers, signal.SIGSTOP)
            time.sleep(SLICE * (times - 1) / times)
            _tell(renderers, signal.SIGCONT)
            time.sleep(SLICE / times)

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _ours() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _tell(pids: list[int], what: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)
