"""Statements of our bank in the desk: taken in, checked, and what a person has to decide."""

import contextlib
from collections.abc import Iterator

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.auth import permission_required

from tamizdat.funding import bank_words, crediting, resolving, taking_statements
from tamizdat.funding.statement_forms import (
    MOST_BYTES,
    GiftMeantForm,
    LayoutForm,
    StatementForm,
    sealed,
    unsealed,
)
from tamizdat.funding.taking_statements import Done
from tamizdat.lib.creditor_reference import in_groups
from tamizdat.lib.vault import CannotOpen
from tamizdat.payments import arriving
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import BankLine, CsvLayout
from tamizdat.payments.statements import checking, files, table
from tamizdat.payments.statements.files import LayoutUnknown
from tamizdat.payments.statements.reading import NotAStatement

MAY_READ, MAY_TAKE_IN = "payments.view_bankline", "payments.add_bankstatement"
MAY_RESOLVE = "payments.change_bankline"
FEW = 5  # rows of a preview
MOST_STATEMENTS = 40
MOST_PAYOUTS = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_READ)  # type: ignore[untyped-decorator]
def index(request: HttpRequest) -> HttpResponse:
    """What waits for a person, the statements and whether they add up, and a form for the next."""
    may_take_in = request.user.has_perm(MAY_TAKE_IN)
    form = StatementForm(request.POST or None, request.FILES or None)
    if may_take_in and request.method == "POST" and form.is_valid():
        return _take_in(request, form.cleaned_data["file"].read())
    words = {
        "form": form if may_take_in else None,
        "lines": [
            (each, bank_words.ADVICE.get(each.reason)) for each in BankLine.objects.waiting()
        ],
        "layouts": CsvLayout.objects.order_by("pk") if may_take_in else (),
        "statements": checking.all_of_them()[:MOST_STATEMENTS],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "funding/desk/bank.html", words, status=status)


@never_cache
@require_POST
@permission_required(MAY_TAKE_IN)  # type: ignore[untyped-decorator]
def layout(request: HttpRequest) -> HttpResponse:
    """Which column of a CSV is what: shown first, kept for this bank when it is right."""
    try:
        content = unsealed(request.POST.get("sealed", ""))
        guessed = table.unfold(content)
        chosen = request.POST.get("encoding", "")
        seen = table.unfold(content, encoding=chosen if chosen in table.ENCODINGS else "")
        accounts = files.accounts()
    except (CannotOpen, NotAStatement) as error:
        messages.error(request, str(error) or "The file was lost on the way. Choose it again.")
        return redirect("bank:index")
    form = LayoutForm(request.POST, table=seen, accounts=accounts, sealed=request.POST["sealed"])
    if not form.is_valid():
        return _layout_page(request, form, status=422)
    kept = form.layout(digest=table.digest_of(guessed.headings))
    if "keep" not in request.POST:
        return _layout_page(request, form, preview=table.read(seen, kept))
    with transaction.atomic():
        CsvLayout.objects.filter(digest=kept.digest).delete()  # kept by somebody else meanwhile
        kept.save()
    return _take_in(request, content)


@require_POST
@permission_required(MAY_TAKE_IN)  # type: ignore[untyped-decorator]
def forget_layout(request: HttpRequest, pk: int) -> HttpResponse:
    """It was wrong: the next file of this bank asks again."""
    CsvLayout.objects.filter(pk=pk).delete()
    messages.success(request, "Forgotten. The next file of this bank asks which column is what.")
    return redirect("bank:index")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_READ)  # type: ignore[untyped-decorator]
def line(request: HttpRequest, public_id: str) -> HttpResponse:
    """One line that waits, why, and the buttons that resolve it."""
    row = get_object_or_404(BankLine.objects.waiting(), public_id=public_id)
    named = crediting.gift_named_in(row)
    may_resolve = request.user.has_perm(MAY_RESOLVE)
    wants_gift = request.POST.get("what") in ("gift", "return")
    form = GiftMeantForm(
        request.POST if wants_gift else None,
        initial={"gift": named.receipt_number if named else ""},
    )
    if may_resolve and request.method == "POST" and (not wants_gift or form.is_valid()):
        _resolve(request, row, form)
        return redirect("bank:index")
    words: dict[str, object] = {
        "line": row,
        "advice": bank_words.ADVICE.get(row.reason),
        "named": named,
        "payouts": arriving.fitting(row)[:MOST_PAYOUTS] if may_resolve else (),
    }
    words |= {"form": form if may_resolve else None, "text": _text(row)}
    words["reference"] = " ".join(in_groups(row.reference))
    return render(request, "funding/desk/bank_line.html", words, status=422 if form.errors else 200)


@require_POST
@permission_required(MAY_RESOLVE)  # type: ignore[untyped-decorator]
def payout(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """The line is this payout: a person says so."""
    row = get_object_or_404(BankLine.objects.waiting(), public_id=public_id)
    meant = get_object_or_404(arriving.fitting(row), pk=pk)
    with _telling(request):
        resolving.as_payout(row, meant, by=request.user, now=timezone.now())
    return redirect("bank:index")


def _resolve(request: HttpRequest, row: BankLine, form: GiftMeantForm) -> None:
    by, now = request.user, timezone.now()
    with _telling(request):
        match request.POST.get("what"):
            case "gift":
                resolving.as_gift(row, form.cleaned_data["gift"], by=by, now=now)
            case "nobody":
                resolving.as_gift_of_nobody(row, by=by, now=now)
            case "return":
                resolving.as_return_of(row, form.cleaned_data["gift"], by=by)
            case "sent_back":
                resolving.as_sent_back(row, by=by)
            case "no_gift":
                resolving.as_no_gift(row, by=by)


@contextlib.contextmanager
def _telling(request: HttpRequest) -> Iterator[None]:
    """Whether the line is resolved."""
    try:
        yield
    except WrongState:
        messages.error(
            request,
            "Nothing was changed: the line was resolved meanwhile, or this does not fit it.",
        )
    else:
        messages.success(request, "Done. What the sender wrote is deleted.")


def _text(row: BankLine) -> str:
    try:
        return row.text
    except CannotOpen:
        return ""


def _take_in(request: HttpRequest, content: bytes) -> HttpResponse:
    try:
        done = taking_statements.take(content, now=timezone.now())
    except LayoutUnknown as unknown:
        return _ask_for_layout(request, content, unknown)
    except NotAStatement as error:
        messages.error(request, str(error))
    else:
        _tell(request, done)
    return redirect("bank:index")


def _ask_for_layout(request: HttpRequest, content: bytes, unknown: LayoutUnknown) -> HttpResponse:
    if len(content) > MOST_BYTES:
        messages.error(request, "For the first time choose a file of fewer days of this bank.")
        return redirect("bank:index")
    try:
        accounts = files.accounts()
    except NotAStatement as error:
        messages.error(request, str(error))
        return redirect("bank:index")
    form = LayoutForm(None, table=unknown.table, accounts=accounts, sealed=sealed(content))
    return _layout_page(request, form)


def _layout_page(
    request: HttpRequest, form: LayoutForm, *, preview: object = None, status: int = 200
) -> HttpResponse:
    words = {"form": form, "rows": form.table.rows[:FEW], "headings": form.table.headings}
    words |= {"preview": preview, "few": FEW}
    return render(request, "funding/desk/bank_layout.html", words, status=status)


def _tell(request: HttpRequest, done: Done) -> None:
    taken = done.taken
    waiting = BankLine.objects.waiting().count()
    messages.success(
        request,
        f"{taken.lines} new lines, {taken.known} known before; {done.booked} gifts booked, "
        f"{done.arrived} payouts found, {waiting} lines wait for you.",
    )
    for problem in taken.problems:
        messages.warning(request, f"{problem}. All else in the file was taken in.")
