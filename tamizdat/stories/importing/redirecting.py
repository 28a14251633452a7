"""Redirects from where things were on the old site to where they are now."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from tamizdat.outlet.addresses import is_reserved
from tamizdat.stories.importing import rows
from tamizdat.stories.importing.report import Report
from tamizdat.stories.importing.spool import Shelf

LONGEST = 255
BATCH = 500


@dataclass(slots=True)
class Redirects:
    """Collects redirects, then makes those that are missing. Each leads straight to a page."""

    report: Report
    _wanted: Shelf[int] = field(default_factory=Shelf)

    def want(self, old_paths: Iterable[str], *, page: int) -> None:
        for path in old_paths:
            old_path = Redirect.normalise_path(path)
            if len(old_path) > LONGEST:
                self.report.notes.add("old addresses too long for a redirect", old_path)
            elif is_reserved(old_path):
                self.report.notes.add("old addresses that are the software's own here", old_path)
            elif self._wanted.setdefault(old_path, page) != page:
                self.report.notes.add("old addresses that two things had", old_path)

    def batches(self) -> Iterable[list[tuple[str, int]]]:
        return self._wanted.items(at_once=BATCH)

    def make(self, wanted: Sequence[tuple[str, int]], *, occupied: Container[str]) -> None:
        """Make what is missing of a batch; nothing leads away from the `occupied` paths."""
        paths, pages = zip(*wanted, strict=True)
        known = set(Redirect.objects.filter(old_path__in=paths).values_list("old_path", flat=True))
        live = set(Page.objects.live().filter(pk__in=set(pages)).values_list("pk", flat=True))
        site, now = Site.objects.get(is_default_site=True).pk, timezone.now()
        names = ["old_path", "site_id", "is_permanent", "redirect_page_id"]
        names += [
            "redirect_page_route_path",
            "redirect_link",
            "automatically_created",
            "created_at",
        ]
        missing = [
            (path, site, True, page, "", "", True, now)
            for path, page in wanted
            if page in live and path not in known and path not in occupied
        ]
        # Not one by one: each would ask for a whole new edition.
        rows.insert(Redirect, names, missing)
        self.report.counts["redirects"] += len(missing)
        self.report.counts["rows written"] += len(missing)
