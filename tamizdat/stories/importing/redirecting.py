"""Redirects from where things were on the old site to where they are now."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from tamizdat.outlet.addresses import is_reserved
from tamizdat.stories.importing.addresses import path_of
from tamizdat.stories.importing.report import Report

LONGEST = 255


@dataclass(slots=True)
class Redirects:
    """Collects redirects, then makes those that are missing. Each leads straight to a page."""

    report: Report
    _wanted: dict[str, int] = field(default_factory=dict)

    def want(self, old_paths: Iterable[str], *, page: int) -> None:
        for path in old_paths:
            old_path = Redirect.normalise_path(path)
            if len(old_path) > LONGEST:
                self.report.notes.add("old addresses too long for a redirect", old_path)
            elif is_reserved(old_path):
                self.report.notes.add("old addresses that are the software's own here", old_path)
            elif self._wanted.setdefault(old_path, page) != page:
                self.report.notes.add("old addresses that two things had", old_path)

    def make(self, *, addresses: dict[str, int]) -> None:
        """Make what is missing. `addresses` says which page is where now: none is redirected."""
        site = Site.objects.get(is_default_site=True)
        occupied = {path_of(address) for address in addresses}
        known = set(Redirect.objects.values_list("old_path", flat=True))
        live = set(Page.objects.live().values_list("pk", flat=True))
        missing = [
            Redirect(old_path=path, site=site, redirect_page_id=page, automatically_created=True)
            for path, page in self._wanted.items()
            if page in live and path not in known and path not in occupied
        ]
        # Not one by one: each would ask for a whole new edition.
        Redirect.objects.bulk_create(missing)
        self.report.counts["redirects"] += len(missing)
        self.report.counts["rows written"] += len(missing)
