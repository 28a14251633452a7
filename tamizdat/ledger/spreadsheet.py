"""An extract as CSV: one line of an entry a row. The columns do not change."""

import csv
import io
from collections.abc import Iterable, Iterator

from tamizdat.ledger.extracts import Extract

COLUMNS = (
    "at",  # UTC, ISO 8601
    "entry",  # its key: the lines with the same key sum to zero in each currency
    "line",
    "memo",
    "account",
    "amount",  # units, with all decimals of the currency; debit positive
    "currency",  # ISO 4217
    "amount_in_minor_units",
)
# What a spreadsheet may take for a formula, and the mark that we put before it.
_MARK = "'"
_STARTS_A_FORMULA = (_MARK, "=", "+", "-", "@", "\t", "\r", "\n")


def write(extract: Extract) -> Iterator[str]:
    yield line(COLUMNS)
    for rows in extract.entries():
        for number, row in enumerate(rows, start=1):
            yield line(
                (
                    row.at.isoformat(),
                    text(row.key),
                    number,
                    text(row.memo),
                    text(row.account),
                    f"{row.money.major:f}",
                    row.money.currency,
                    row.money.minor,
                )
            )


def text(words: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return _MARK + words if words.startswith(_STARTS_A_FORMULA) else words


def line(cells: Iterable[object]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
