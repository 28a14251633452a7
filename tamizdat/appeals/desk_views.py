"""Experiments on the desk: what they show so far, beginning and ending them, figures as CSV."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.log_actions import log

from tamizdat.appeals import reporting, stopping, weighing
from tamizdat.appeals.models import Arm, Experiment
from tamizdat.ledger import spreadsheet

MAY_RUN = "appeals.change_experiment"
BEGIN = "appeals.begin"  # in Wagtail's log


@require_safe
@permission_required(MAY_RUN)  # type: ignore[untyped-decorator]
def show(request: HttpRequest, key: str) -> HttpResponse:
    """How an experiment stands now, and what may be concluded."""
    experiment = get_object_or_404(Experiment, key=key)
    report = weighing.report(experiment, now=timezone.now())
    words = {
        "experiment": experiment,
        "report": report,
        "rows": reporting.rows(report),
        "chart": reporting.draw(report),
        "said": reporting.said(experiment),
        "kept": stopping.kept(experiment),
        "silent": reporting.silent(experiment),
        "needed": reporting.readers_needed(report),
    }
    return render(request, "appeals/desk/experiment.html", words)


@require_safe
@never_cache
@permission_required(MAY_RUN)  # type: ignore[untyped-decorator]
def arms_csv(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001
    """An arm a row, for a spreadsheet or a statistician."""
    experiment = get_object_or_404(Experiment, key=key)
    report = weighing.report(experiment, now=timezone.now())
    return _csv(f"{key}-arms", reporting.ARM_COLUMNS, reporting.arm_lines(report))


@require_safe
@never_cache
@permission_required(MAY_RUN)  # type: ignore[untyped-decorator]
def days_csv(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001
    """What browsers told, an arm and a day a row. Gifts are not in it: of a day they are few."""
    experiment = get_object_or_404(Experiment, key=key)
    return _csv(f"{key}-days", reporting.DAY_COLUMNS, reporting.day_lines(experiment))


@require_POST
@permission_required(MAY_RUN)  # type: ignore[untyped-decorator]
def begin(request: HttpRequest, key: str) -> HttpResponse:
    experiment = get_object_or_404(Experiment, key=key)
    if experiment.begin(now=timezone.now()):
        log(instance=experiment, action=BEGIN, user=request.user)
        messages.success(request, "It begins with the next edition, in a moment.")
    else:
        messages.error(request, "Nothing was changed: it was begun or ended meanwhile.")
    return redirect("experiment", key)


@require_POST
@permission_required(MAY_RUN)  # type: ignore[untyped-decorator]
def end(request: HttpRequest, key: str) -> HttpResponse:
    """Of the arm that is named to be kept, if one is, everybody sees the messages from now on."""
    experiment = get_object_or_404(Experiment, key=key)
    name = request.POST.get("keep")
    keeping = get_object_or_404(experiment.arms, name=name) if name else None
    if stopping.stop(experiment, keeping=keeping, by=request.user, now=timezone.now()):
        messages.success(request, _what_follows(keeping))
    else:
        messages.error(request, "Nothing was changed: it was not running.")
    return redirect("experiment", key)


def _what_follows(keeping: Arm | None) -> str:
    if keeping is None:
        return "Stopped. From the next edition on, in a moment, nobody sees its messages."
    name = keeping.name.upper()
    return f"Stopped. From the next edition on, in a moment, everybody sees what {name} saw."


def _csv(name: str, columns: Iterable[str], lines: Iterable[Iterable[object]]) -> HttpResponse:
    return HttpResponse(
        "".join(map(spreadsheet.line, [columns, *lines])),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
