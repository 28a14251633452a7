"""Old addresses and where they lead now, as a table."""

import csv
import io
from collections.abc import Iterator

from wagtail.contrib.redirects.models import Redirect

from tamizdat.lib.crate import Piece
from tamizdat.stories.exporting.site import Site


def piece(site: Site) -> Piece:
    return Piece("redirects.csv", "lists", lambda: _lines(site))


def _lines(site: Site) -> Iterator[bytes]:
    yield b"old_address,new_address,is_permanent\r\n"
    rows = Redirect.objects.order_by("old_path", "pk").values_list(
        "old_path", "redirect_page_id", "redirect_link", "is_permanent"
    )
    for old, page, link, is_permanent in rows.iterator():
        line = io.StringIO()
        new = site.addresses.get(page, "") if page else link
        csv.writer(line).writerow([old, new, "yes" if is_permanent else "no"])
        yield line.getvalue().encode()
