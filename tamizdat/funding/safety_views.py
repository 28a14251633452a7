"""The desk's look at what a safety rule does to a reader, before it does."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin.auth import permission_required

from tamizdat.funding import previewing
from tamizdat.funding.days import day_of
from tamizdat.funding.desk_forms import PreviewForm, RiskRuleForm
from tamizdat.funding.models import RiskRule

MAY_PREVIEW = "funding.view_riskrule"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_PREVIEW)  # type: ignore[untyped-decorator]
def preview(request: HttpRequest) -> HttpResponse:
    """What a reader is told. A rule may come along that is written and not saved."""
    draft = _draft(request)
    today = day_of(timezone.now())
    day = max(today, draft.starts_on) if draft else today
    words: dict[str, object] = {
        "way": draft.method if draft and draft.method != RiskRule.Method.ANY else "card",
        "on": day,
        "language": settings.LANGUAGE_CODE,
    }
    form = PreviewForm(words | request.POST.dict() if request.POST else None, initial=words)
    seen = []
    if form.is_valid():
        reader = form.cleaned_data
        seen = previewing.of(
            reader["country"],
            method=reader["way"],
            on=reader["on"],
            language=reader["language"],
            draft=draft,
        )
    context = {"form": form, "seen": seen, "draft": draft}
    return render(request, "funding/desk/preview.html", context)


def _draft(request: HttpRequest) -> RiskRule | None:
    """The rule in the form that led here, if it is whole; nothing is saved."""
    if "starts_on" not in request.POST:
        return None
    pk = request.POST.get("instead_of", "")
    saved = RiskRule.objects.filter(pk=pk).first() if pk.isdecimal() else None
    form = RiskRuleForm(request.POST, instance=saved)
    form.full_clean()
    has_day = isinstance(form.cleaned_data.get("starts_on"), date)
    is_whole = has_day and all(form.cleaned_data.get(name) for name in ("country", "action"))
    return form.instance if is_whole else None
