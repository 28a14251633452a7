"""`make bench-ask`: how long a slow telephone takes to choose among fifty messages."""

import json
from typing import Any

import brotli
from playwright.sync_api import Browser, Route, sync_playwright

from tamizdat.theme import assets
from tests import browser as browsers
from tests.appeals.choosing_cases import ASKS, NOON, READER, RULE, TODAY, WEEK

CPU_SLOWER = 6
MESSAGES = 50
PAGES = 100
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
SITE = "http://localhost/"
# The clock of a page by itself goes in steps of five microseconds, that of others of a hundred.
ALONE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
MEASURE = """async ([asks, reader]) => {
  asks = JSON.parse(asks);
  reader = JSON.parse(reader);
  await new Promise(requestIdleCallback);  // what brought us here is over
  return [1, 2].map(() => {
    const began = performance.now();
    for (const place of ["banner", "ask"]) choose(asks, place, reader);
    return performance.now() - began;
  });
}"""


def main() -> None:
    from tests.bench import report  # it knows every part, this one included

    report.keep("ask", measure(), command="make bench-ask")


def measure() -> dict[str, Any]:
    with sync_playwright() as playwright:
        path = browsers.find()
        browser = playwright.chromium.launch(executable_path=path, args=browsers.FLAGS)
        times = {rate: on_fresh_pages(browser, rate=rate) for rate in (1, CPU_SLOWER)}
        version = browser.version
        browser.close()
    return {
        "at_full_speed": times[1],
        "slowed": times[CPU_SLOWER],
        "list_bytes": len(brotli.compress(json.dumps(asks()).encode())),
        "script_bytes": len(brotli.compress(assets.asset_bytes("appeals.js"))),
        "chromium": version,
    }


def on_fresh_pages(browser: Browser, *, rate: int) -> dict[str, float]:
    pages = [on_a_fresh_page(browser, rate=rate) for _ in range(PAGES)]
    first, again = (sorted(times) for times in zip(*pages, strict=True))
    return {
        "median_ms": first[PAGES // 2],
        "ninth_tenth_ms": first[PAGES * 9 // 10],
        "again_median_ms": again[PAGES // 2],
    }


def on_a_fresh_page(browser: Browser, *, rate: int) -> tuple[float, float]:
    """Milliseconds, of code that this page has never run before, and of the same once more."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/*", answer)
        page.goto(SITE)
        page.wait_for_function("typeof globalThis.choose === 'function'")
        devtools = context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": rate})
        first, again = page.evaluate(MEASURE, [json.dumps(asks()), json.dumps(reader())])
        return float(first), float(again)


def answer(route: Route) -> None:
    """The page, or the script as readers get it, with a handle on what it would keep to itself."""
    if route.request.url == SITE:
        script = '<!doctype html><script type="module" src="/choosing.js"></script>'
        route.fulfill(body=script, content_type="text/html", headers=ALONE)
    else:
        source = assets.EAGER + (assets.PARTS / "choosing.js").read_text()
        source += ";globalThis.choose = choose"
        route.fulfill(body=source, content_type="text/javascript", headers=ALONE)


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
    here, slowed = found["at_full_speed"], found["slowed"]
    return (
        "## Asking\n\n"
        f"Chromium {found['chromium']} chooses a banner and an ask among {MESSAGES} messages, none "
        "of which holds before its last condition, for a reader whose browser remembers as much as "
        f"it may. In the median of {PAGES} fresh pages that takes {here['median_ms']:.2f} ms "
        f"({here['ninth_tenth_ms']:.2f} in nine of ten): {CPU_SLOWER * here['median_ms']:.1f} ms "
        f"of work for a processor that is {CPU_SLOWER} times slower. Chromium slowed so by its own "
        "brake, which does not slow a page but stops it, for milliseconds at a time, shows "
        f"{slowed['median_ms']:.2f} ms ({slowed['ninth_tenth_ms']:.2f}). The same once more takes "
        f"{here['again_median_ms']:.2f} and {slowed['again_median_ms']:.2f} ms. The list is "
        f"{found['list_bytes']:,} bytes (brotli), the script {found['script_bytes']:,}.\n\n"
    )


if __name__ == "__main__":
    main()
