"""What `make bench` found of whole newsrooms, as a section for people."""

from typing import Any

from tests.bench.table import table

NAMES = {
    "100": "100 generated stories",
    "1000": "1,000 generated stories",
    "genuine": "the genuine site",
}


def write(found: dict[str, Any]) -> str:
    parts = [
        "## Baking",
        "The first bake renders, compresses and writes every page; the second renders every page "
        "again, compares, and writes nothing.",
        table(["archive", "pages", "first bake, ms a page", "second, ms a page"], bakes(found)),
        "## Serving",
        served(found["serving"]),
        "## Bytes",
        "Brotli bytes of HTML, once the worker has compressed it as well as can be; the story has "
        "a thousand words, banner, ask and Read more.",
        table(["page", "English", "Russian"], sizes(found)),
        "All pages of each archive against the budget of 8,192 bytes (a story's; lists and "
        "long stories have none).",
        table(["archive", "pages", "median", "95 %", "worst", "over 8,192"], weights(found)),
    ]
    if found["heaviest"]:
        parts += [
            "The heaviest of the genuine site, and what would lighten each most:",
            table(
                ["page", "bytes", "words", "what it breaks"],
                [list(each) for each in found["heaviest"]],
            ),
        ]
    return "\n\n".join(parts) + "\n"


def bakes(found: dict[str, Any]) -> list[list[Any]]:
    return [
        [NAMES[size], each["full"]["pages"], each["full"]["ms"], each["again"]["ms"]]
        for size, each in found["newsrooms"].items()
    ]


def served(found: dict[str, dict[str, float]] | None) -> str:
    if found is None:
        return "Not measured: it needs nginx and wrk."
    ours, theirs = found["tamizdat"], found["nginx"]
    rows = [[name, each["per_second"], each["cpu_microseconds"]] for name, each in found.items()]
    slower = theirs["per_second"] / ours["per_second"]
    dearer = ours["cpu_microseconds"] / theirs["cpu_microseconds"]
    return (
        "One baked story over loopback, gzip, 16 kept connections, one process each, wrk on the "
        f"same machine. nginx answers {slower:.1f} times as many requests; `tamizdat serve` spends "
        f"{dearer:.1f} times the CPU on one. Where that matters, put nginx before the tree.\n\n"
        + table(["server", "requests a second", "CPU µs a request"], rows)
    )


def sizes(found: dict[str, Any]) -> list[list[Any]]:
    return [[kind, each["en"], each["ru"]] for kind, each in found["bytes"].items()]


def weights(found: dict[str, Any]) -> list[list[Any]]:
    return [
        [
            NAMES[size],
            each["pages"],
            int(each["median"]),
            each["p95"],
            each["worst"],
            each["over"],
        ]
        for size, each in found["weights"].items()
    ]
