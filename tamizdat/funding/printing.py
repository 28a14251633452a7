"""A sheet of paper as an answer: made in memory for whoever asks, and kept by nobody on the way."""

from django.http import HttpResponse

from tamizdat.lib import sheets
from tamizdat.lib.sheets import Sheet


def pdf(sheet: Sheet, *, name: str) -> HttpResponse:
    return HttpResponse(
        sheets.as_pdf(sheet),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
