"""`make bench-ask`: how long a slow telephone takes to choose among fifty messages."""

import json
from typing import Any

import brotli
from playwright.sync_api import Browser, sync_playwright

from tamizdat.theme import assets
from tests import browser as browsers
from tests.appeals.choosing_cases import ASKS, NOON, READER, RULE, TODAY, WEEK

CPU_SLOWER = 6
MESSAGES = 50
PAGES = 40
# None of them holds before the last condition was looked at: nothing is quicker than this.
CONDITIONS = {
    "countries": ["AT", "CH", "DE"],
    "not_sections": ["sport"],
    "topics": ["courts", "war"],
    "begins": NOON - 10,
    "ends": NOON + 10,
    "read": [2, None, 8],
    "views": [4, 30, 1],
    "closed": 14,
    "gave": 90,
    "later": 31,
    "test": "words",
}
MEASURE = """([asks, reader]) => [1, 2].map(() => {
  const began = performance.now();
  for (const place of ["banner", "ask"]) choose(asks, place, reader);
  return performance.now() - began;
})"""


def main() -> None:
    from tests.bench import report  # it knows every part, this one included

    report.keep("ask", measure(), command="make bench-ask")


def measure() -> dict[str, Any]:
    with sync_playwright() as playwright:
        path = browsers.find()
        browser = playwright.chromium.launch(executable_path=path, args=browsers.FLAGS)
        pages = [on_a_fresh_page(browser) for _ in range(PAGES)]
        version = browser.version
        browser.close()
    first, again = (sorted(times) for times in zip(*pages, strict=True))
    return {
        "median_ms": first[PAGES // 2],
        "ninth_tenth_ms": first[PAGES * 9 // 10],
        "again_median_ms": again[PAGES // 2],
        "again_ninth_tenth_ms": again[PAGES * 9 // 10],
        "list_bytes": len(brotli.compress(json.dumps(asks()).encode())),
        "script_bytes": len(brotli.compress(assets.asset_bytes("appeals.js"))),
        "chromium": version,
    }


def on_a_fresh_page(browser: Browser) -> tuple[float, float]:
    """Milliseconds, of code that this page has never run before, and of the same once more."""
    with browser.new_context() as context:
        page = context.new_page()
        source = (assets.PARTS / "choosing.js").read_text() + ";globalThis.choose = choose"
        page.add_script_tag(type="module", content=source)
        page.wait_for_function("typeof globalThis.choose === 'function'")
        devtools = context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
        first, again = page.evaluate(MEASURE, [asks(), reader()])
        return float(first), float(again)


def asks() -> dict[str, Any]:
    """Twenty-five banners and as many asks, each in the arm of a test that nobody has."""
    tests = {"words": {"arms": ["a", "b"], "shares": [10_000, 0]}}
    places = ("banner", "ask")
    rules = [
        RULE | CONDITIONS | {"id": f"m{n:05}", "place": places[n % 2], "arm": "b"}
        for n in range(MESSAGES)
    ]
    return ASKS | {"tests": tests, "rules": rules}


def reader() -> dict[str, Any]:
    """Whose browser remembers as much as it may."""
    reads = {str(WEEK - week): 3 for week in range(53)}
    views = [["safety", TODAY - day] for day in range(200)]
    return READER | {"reads": reads, "views": views}


def write(found: dict[str, Any]) -> str:
    """The section of the page."""
    return (
        "## Asking\n\n"
        f"Chromium {found['chromium']} at a sixth of this machine's speed chooses a banner and an "
        f"ask among {MESSAGES} messages, none of which holds before its last condition, for a "
        "reader whose browser remembers as much as it may: "
        f"{found['median_ms']:.2f} ms in the median of {PAGES} fresh pages, "
        f"{found['ninth_tenth_ms']:.2f} ms in nine of ten. Most of it is what any code costs that "
        "runs for the first time on a page: the same choice once more takes "
        f"{found['again_median_ms']:.2f} and {found['again_ninth_tenth_ms']:.2f} ms. (A slowed "
        "processor stands still for milliseconds at a time: so are the figures.) The list is "
        f"{found['list_bytes']:,} bytes (brotli), the script {found['script_bytes']:,}.\n\n"
    )


if __name__ == "__main__":
    main()
