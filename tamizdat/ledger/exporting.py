"""The books as a table: one line of an entry a row."""

import csv
import io
from collections.abc import Iterator

from tamizdat.ledger.models import Line
from tamizdat.lib.crate import Piece


def pieces() -> Iterator[Piece]:
    yield Piece("books/lines.csv", "lists", _lines)


def count_lines() -> int:
    return Line.objects.count()


def _lines() -> Iterator[bytes]:
    yield b"at,entry,memo,account,amount_in_minor_units,currency\r\n"
    rows = Line.objects.order_by("entry__at", "entry_id", "pk").values_list(
        "entry__at", "entry__seal_id", "entry__memo", "account__code", "amount_minor", "currency"
    )
    for at, *row in rows.iterator():
        line = io.StringIO()
        csv.writer(line).writerow([at.isoformat(), *row])
        yield line.getvalue().encode()
