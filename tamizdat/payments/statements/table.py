"""Statements as CSV: no two banks write it alike, so a person says once which column is what."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tamizdat.outlet.vault import blind_index
from tamizdat.payments.models import CsvLayout
from tamizdat.payments.statements import naming
from tamizdat.payments.statements.reading import (
    BadEntry,
    Entry,
    NotAStatement,
    Statement,
    check_size,
    exactly,
)

ENCODINGS = ("utf-8", "cp1252", "cp1250", "cp1251", "cp1257", "utf-16")
DELIMITERS = ";,\t|"
DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d-%m-%Y")
ONE, SEVERAL = ("day", "amount", "debit", "side", "currency", "account", "bic", "entry"), ("texts",)
OUT = frozenset(["D", "S", "DBIT", "DEBIT", "DR", "SOLL", "-"])  # the money went
_KEPT_OF_AMOUNT = re.compile(r"[^0-9.,+-]")
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Table:
    """A file of which we know the rows, and not yet what they mean."""

    encoding: str
    delimiter: str
    headings: list[str]
    rows: list[list[str]]


def unfold(content: bytes, *, encoding: str = "", delimiter: str = "") -> Table:
    """The rows under the row of headings; what banks write above it is left out.

    Raises NotAStatement.
    """
    check_size(content)
    encoding = encoding or _encoding(content)
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise NotAStatement(f"The file is not written in {encoding}.") from error
    delimiter = delimiter or _delimiter(text)
    if "\0" in text:
        raise NotAStatement("The file is neither camt.053 (XML) nor CSV.")
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise NotAStatement("The file is neither camt.053 (XML) nor CSV.") from error
    return _below_headings(rows, encoding, delimiter)


def layout_of(table: Table) -> CsvLayout | None:
    """That of the bank which writes these headings, if a person has said what they mean."""
    return CsvLayout.objects.filter(digest=digest_of(table.headings)).first()


def digest_of(headings: list[str]) -> str:
    return blind_index(f"csv layout {headings}")


def read(table: Table, layout: CsvLayout) -> Statement:
    """What the rows say, by `layout`. It tells no balance."""
    statement = Statement(account=layout.account, currency="")
    for number, row in enumerate(table.rows, start=1):
        try:
            entry = _entry(_cells(row, table.headings), layout)
        except BadEntry as error:
            statement.problems.append(f"row {number}: {error}")
            continue
        if entry.money.minor:
            statement.entries.append(entry)
        else:
            statement.not_booked += 1
    return statement


def _cells(row: list[str], headings: list[str]) -> dict[str, str]:
    if len(row) != len(headings):
        raise BadEntry(f"it has {len(row)} columns instead of {len(headings)}")
    return dict(zip(headings, row, strict=True))


def _entry(cells: dict[str, str], layout: CsvLayout) -> Entry:
    columns: dict[str, str] = {name: layout.columns.get(name, "") for name in ONE}
    told = {name: cells.get(heading, "").strip() for name, heading in columns.items() if heading}
    currency = told.get("currency", "") or layout.currency
    texts = (cells.get(heading, "").strip() for heading in layout.columns.get("texts", []))
    return Entry(
        money=exactly(_amount(told, layout.decimal_sign), currency.upper()),
        booked_on=_day(told.get("day", ""), layout.day_format),
        entry_id=told.get("entry", "")[:80],
        texts=tuple(text for text in texts if text),
        account=told.get("account", ""),
        bic=told.get("bic", ""),
        provider=naming.provider_in(cells.values()),
    )


def _amount(told: dict[str, str], decimal_sign: str) -> Decimal:
    if told.get("amount"):
        amount = _number(told["amount"], decimal_sign)
        return -abs(amount) if told.get("side", "").upper() in OUT else amount
    if told.get("debit"):
        return -abs(_number(told["debit"], decimal_sign))
    raise BadEntry("it has no amount")


def _number(text: str, decimal_sign: str) -> Decimal:
    """`1.234,56`, `1 234,56-`, `(1,234.56)`, as banks write it."""
    # A minus of typography is one too; some write it behind the number, or brackets for it.
    plain = text.replace("\N{MINUS SIGN}", "-")
    is_below = plain.startswith("(") or plain.endswith("-")
    kept = _KEPT_OF_AMOUNT.sub("", plain).rstrip("-")
    other = "," if decimal_sign == "." else "."
    # The other sign may only part thousands: `12,50` is not 1250 because a point was chosen.
    form = rf"[+-]?(\d+|\d{{1,3}}(\{other}\d{{3}})+)(\{decimal_sign}\d+)?"
    if not re.fullmatch(form, kept):
        raise BadEntry("its amount is no number in the form that was chosen")
    number = Decimal(kept.replace(other, "").replace(decimal_sign, "."))
    return -abs(number) if is_below else number


def _day(text: str, form: str) -> date:
    try:
        return datetime.strptime(text[:10].strip(), form).date()  # noqa: DTZ007 a day, no moment
    except ValueError as error:
        raise BadEntry("it names no day in the form that was chosen") from error


def _encoding(content: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding.removesuffix("-sig")
    try:
        content.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(text: str) -> str:
    """The one that stands equally often in many lines."""
    lines = text.splitlines()[:60]

    def regularity(sign: str) -> int:
        counts = Counter(line.count(sign) for line in lines)
        return max((n * often for n, often in counts.items()), default=0)

    return max(DELIMITERS, key=regularity)


def _below_headings(rows: list[list[str]], encoding: str, delimiter: str) -> Table:
    widths = Counter(len(row) for row in rows if len(row) > 2)
    if not widths:
        raise NotAStatement("The file has no columns: it is neither camt.053 (XML) nor CSV.")
    width = widths.most_common(1)[0][0]
    top = next(n for n, row in enumerate(rows) if len(row) == width)
    headings = [heading.strip() or f"column {n}" for n, heading in enumerate(rows[top], start=1)]
    if len(set(headings)) < len(headings):
        headings = [f"{heading} ({n})" for n, heading in enumerate(headings, start=1)]
    below = [row for row in rows[top + 1 :] if any(cell.strip() for cell in row)]
    return Table(encoding, delimiter, headings, below)
