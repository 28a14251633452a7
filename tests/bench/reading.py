"""`make bench-page`: what a reader on a slow telephone waits for.

The demo newsroom behind nginx as we configure it; Chromium at Fast 3G, its CPU slowed down.
"""

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tamizdat.demo import content
from tests import browser as browsers
from tests.bench.page import table
from tests.config.webservers import nginx, printed, running
from tests.patience import page_at
from tests.ports import free_port, two_free_ports

RUNS = 5
FAST_3G = {
    "offline": False,
    "latency": 562.5,  # ms a request
    "downloadThroughput": 1.44e6 / 8,
    "uploadThroughput": 675e3 / 8,
}
CPU_SLOWER = 4
TELEPHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}
LARGEST_PAINT = """() => new Promise(answer => new PerformanceObserver(
  list => answer(list.getEntries().at(-1).startTime)
).observe({type: "largest-contentful-paint", buffered: true}))"""


def main() -> None:
    from tests.bench import report  # it knows every part, this one included

    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as folder:
        home = Path(folder) / "demo"
        make_demo(home)
        with served(home, Path(folder)) as root, sync_playwright() as playwright:
            path = browsers.find()
            browser = playwright.chromium.launch(executable_path=path, args=browsers.FLAGS)
            pages = addresses(home / "site")
            found = {name: measure(browser, root, home, path) for name, path in pages.items()}
            browser.close()
    report.keep("page", found, command="make bench-page")


def make_demo(home: Path) -> None:
    """The newsroom of `make demo`, baked; nothing of it runs afterwards."""
    port = two_free_ports()
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
    command = [sys.executable, "-m", "tamizdat.config.command", "demo", "--home", str(home)]
    demo = subprocess.Popen([*command, "--port", str(port)], env=environ, stdout=sys.stderr)
    try:
        page_at(f"http://localhost:{port}/", alive=lambda: demo.poll() is None)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)


@contextmanager
def served(home: Path, folder: Path) -> Iterator[str]:
    port = free_port()
    text = printed("nginx", home, port=port, behind=free_port())
    with running(nginx(text, folder), folder):
        page_at(f"http://localhost:{port}/")
        yield f"http://localhost:{port}"


def addresses(site: Path) -> dict[str, str]:
    """`story en` → its address: front, the first story with a picture and without, give."""
    found = {}
    for code in ("en", "ru"):
        prefix = "/" if code == "en" else f"/{code}/"
        stories = content.load(code).stories
        plain = next(story for story in stories if not story.picture)
        pictured = next(story for story in stories if story.picture)
        found[f"front {code}"] = prefix
        found[f"story {code}"] = f"{prefix}{pictured.section}/{pictured.key}/"
        found[f"story without picture {code}"] = f"{prefix}{plain.section}/{plain.key}/"
        found[f"give {code}"] = f"{prefix}give/"
    assert all((site / path.strip("/") / "index.html.br").exists() for path in found.values())
    return found


def measure(browser: Browser, root: str, home: Path, path: str) -> dict[str, Any]:
    """Medians of some first visits."""
    visits = [visit(browser, f"{root}{path}") for _ in range(RUNS)]
    medians = {name: statistics.median(each[name] for each in visits) for name in visits[0]}
    html = home / "site" / path.strip("/") / "index.html.br"
    return {"html_br": html.stat().st_size} | {name: round(each) for name, each in medians.items()}


def visit(browser: Browser, address: str) -> dict[str, float]:
    with browser.new_context(**TELEPHONE) as context:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        asked: dict[str, str] = {}
        bytes_of: dict[str, float] = {}
        wire.on("Network.requestWillBeSent", lambda e: asked.update({e["requestId"]: _kind(e)}))
        wire.on(
            "Network.loadingFinished",
            lambda e: bytes_of.update({e["requestId"]: e["encodedDataLength"]}),
        )
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", FAST_3G)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
        page.goto(address, wait_until="networkidle")
        scripts = [name for name, kind in asked.items() if kind == "Script"]
        return {
            "js_br": sum(bytes_of.get(name, 0) for name in scripts),
            "requests": len(asked),
            "third_party": sum(kind == "third party" for kind in asked.values()),
            "bytes": sum(bytes_of.values()),
            "lcp_ms": page.evaluate(LARGEST_PAINT),
        }


def _kind(event: dict[str, Any]) -> str:
    is_ours = urlsplit(event["request"]["url"]).hostname in ("localhost", None)
    return str(event.get("type", "")) if is_ours else "third party"


def write(found: dict[str, dict[str, float]]) -> str:
    """The section for people."""
    columns = ["html_br", "js_br", "bytes", "requests", "third_party", "lcp_ms"]
    head = ["page", "HTML", "scripts", "all bytes", "requests", "third party", "LCP, ms"]
    rows = [[name, *(each[column] for column in columns)] for name, each in found.items()]
    return (
        "## Reading\n\nThe demo newsroom behind nginx, brotli, in Chromium at 360 px: 1.44 Mbit/s, "
        f"562 ms more for each request, a CPU {CPU_SLOWER} times slower; medians of {RUNS} first "
        "visits. HTML is the baked file; scripts and all bytes are counted on the wire, headers "
        "included. LCP is the largest contentful paint.\n\n" + table(head, rows) + "\n"
    )


if __name__ == "__main__":
    if not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        sys.exit("bench-page needs nginx: make setup installs it where it can.")
    main()
