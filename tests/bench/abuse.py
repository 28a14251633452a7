"""`make bench-abuse`: a day with an attack of 20,000 attempts, for docs/benchmarks.md.

Time is simulated; what a little sum costs is measured on this machine, on one core.
"""

import os
import time
from typing import Any

from tests.bench.table import table

ATTEMPTS = int(os.environ.get("ATTEMPTS", "20000"))
WHO = {
    "script": "a script that only sends the form",
    "browser": "does the little sum, cards of one country",
    "countries": "the same, cards of 26 countries",
    "slow": "the same, one each two or three minutes all day",
    "mailbox": "the same, and reads its mail, at 5 domains",
    "changer": "does it once, then writes another amount into that form each time",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup(set_prefix=False)
    from django.test.runner import DiscoverRunner
    from django.test.utils import setup_test_environment

    from tests.bench import report

    setup_test_environment()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        found = measure()
    finally:
        runner.teardown_databases(old)
    report.keep("abuse", found, command=f"ATTEMPTS={ATTEMPTS} make bench-abuse")


def measure() -> dict[str, Any]:
    from tamizdat.config import founding
    from tests.attack import raid

    founding.found()
    began = time.monotonic()
    found = raid.run(attempts=ATTEMPTS)
    seconds = round(time.monotonic() - began)
    return found | {"ms_a_try": a_try(), "seconds": seconds, "sums": sums()}


def sums() -> list[dict[str, Any]]:
    """The easiest and the hardest, in a browser."""
    from tamizdat.funding.proving import MOST_TRIES
    from tamizdat.payments.breaking import HARDEST
    from tamizdat.theme.assets import asset_bytes
    from tests.bench import little_sum

    script = asset_bytes("proof.js")
    return [little_sum.measure(script, most=MOST_TRIES << n) for n in (0, 2, HARDEST)]


def a_try(tries: int = 2000) -> float:
    """Milliseconds of one core."""
    from tamizdat.lib import puzzle

    began = time.process_time()
    for n in range(tries):
        puzzle.key_of("of a measurement", n)
    return round((time.process_time() - began) / tries * 1000, 3)


def section(found: dict[str, Any]) -> str:
    """The measurements as a part of docs/benchmarks.md."""
    cost = found["ms_a_try"] / 1000
    head = ["who tries cards", "attempts", "pages opened", "cards asked", "found good", "CPU s"]
    head += ["CPU s a card"]
    rows = [_row(WHO[name], one, cost) for name, one in found["testers"].items()]
    rows.append(_row("all", _sum(found["testers"].values()), cost))
    return "\n\n".join(
        [
            "## Card testing",
            "A simulated day, 240 people who give in it, and an attack by several kinds of "
            "testers. *Pages opened* are pages of the bank; *cards asked* are cards whose own bank "
            "heard of it; one stolen card in ten is good. *CPU* is what the little sums cost the "
            f"tester at {found['ms_a_try']} ms of one core a try.",
            table(head, rows),
            _of_givers(found),
            "The little sum in Chromium, in milliseconds: on this machine, and with its processes "
            "slowed to a sixth, as a slow telephone. The reader fills in the form meanwhile.",
            table(
                ["tries at most", "here", "longest", "slowed", "longest slowed"],
                [_of_sum(one) for one in found["sums"]],
            ),
        ]
    )


def _row(name: str, one: dict[str, int], cost: float) -> list[Any]:
    seconds = one["tries"] * cost
    a_card = seconds / one["asked"] if one["asked"] and one["tries"] else None
    counted = (one[each] for each in ("attempts", "pages", "asked", "good"))
    return [name, *counted, round(seconds), a_card]


def _of_sum(one: dict[str, Any]) -> list[int]:
    times = (one[where][which] for where in ("here", "slow") for which in ("median", "longest"))
    return [one["most"], *times]


def _sum(testers: Any) -> dict[str, int]:
    testers = list(testers)
    return {name: sum(one[name] for one in testers) for name in testers[0]}


def _of_givers(found: dict[str, Any]) -> str:
    givers = found["givers"]
    return (
        f"Of {givers['all']} givers {givers['paid']} gave and {givers['stopped']} were stopped: "
        f"{givers['at_once']} gave at once, {givers['without_script_by_mail']} without JavaScript "
        f"by the usual mail, {givers['asked_once_more']} were asked for something more. Half had "
        f"given within {givers['median_wait_minutes']} minutes, the last after "
        f"{givers['longest_wait_minutes']}. The breaker tripped up to {found['trips']} times in a "
        f"row and was open for {found['off_minutes']} minutes; {found['mails']} mails were sent. "
        f"The simulation took {found['seconds']} s."
    )


if __name__ == "__main__":
    main()
