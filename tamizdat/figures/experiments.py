"""What experiments with messages have shown."""

from django.utils import timezone

from tamizdat.appeals import weighing
from tamizdat.appeals.models import Experiment
from tamizdat.figures.figure import Figure, Value
from tamizdat.lib import charts
from tamizdat.lib.charts import Chart, Series

MOST = 12


def shown() -> Figure:
    """The newest first, with the sentence that their own page begins with."""
    begun = Experiment.objects.exclude(began_at=None).order_by("-began_at")[:MOST]
    reports = [weighing.report(each, now=timezone.now()) for each in begun]
    counts = [sum(arm.standing.met for arm in report.arms) for report in reports]
    names = [report.experiment.name for report in reports]
    chart = Chart("experiments", "Readers in each experiment", "A bar for each, the newest first.")
    rows: list[list[Value]] = [
        [
            report.experiment.name,
            f"{report.experiment.began_at:%Y-%m-%d}",
            f"{report.experiment.ended_at:%Y-%m-%d}" if report.experiment.ended_at else "runs",
            count,
            report.verdict.sentence,
        ]
        for report, count in zip(reports, counts, strict=True)
    ]
    return Figure(
        "experiments",
        "Experiments",
        "What may be concluded so far; each has a page of its own under Experiments.",
        charts.rows(chart, names, Series("Readers", counts, [f"{n:,}" for n in counts])),
        [],
        ["Experiment", "Began", "Ended", "Readers", "Verdict"],
        rows,
    )


ALL = (shown,)
