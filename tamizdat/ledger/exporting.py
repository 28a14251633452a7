"""The books, as an accountant would have them, and as plain text that a program checks."""

from collections.abc import Iterable, Iterator
from datetime import UTC

from django.utils import timezone

from tamizdat.ledger import beancount, extracts, spreadsheet
from tamizdat.ledger.extracts import Format
from tamizdat.ledger.models import Line
from tamizdat.lib.crate import Piece


def pieces() -> Iterator[Piece]:
    yield Piece("books/lines.csv", "lists", lambda: _written(spreadsheet.write))
    yield Piece("books/books.beancount", "lists", lambda: _written(beancount.write))


def count_lines() -> int:
    return Line.objects.count()


def _written(form: Format) -> Iterable[bytes]:
    today = timezone.now().astimezone(UTC).date()
    return (text.encode() for text in form(extracts.days_of_the_books(today=today)))
