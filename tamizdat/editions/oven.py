"""One bake under way: what it made, what it claims, what failed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from tamizdat.editions import live, redirecting
from tamizdat.editions.enclosures import enclosed_in
from tamizdat.editions.manifest import Entry
from tamizdat.editions.rendering import path_of, public_pages, render
from tamizdat.editions.targets import all_targets
from tamizdat.editions.tree import OutsideTheTree, Tree

logger = logging.getLogger(__name__)


@dataclass
class Oven:
    made: dict[str, Entry] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)  # what failed keeps its last file
    failed: list[str] = field(default_factory=list)
    page_count: int = 0

    def claims(self, path: str) -> bool:
        return path in self.made or path in self.kept

    def bake_page(self, pk: int) -> None:
        """Bake the page if anyone may read it."""
        page = public_pages().filter(pk=pk).specific().first()
        if page and (path := path_of(page)):
            self.page_count += 1
            self._bake(path, lambda: render(page))

    def bake_targets(self) -> None:
        """Raises what a source raises while it lists its targets."""
        for target in all_targets():
            self._bake(target.path, target.render)

    def bake_redirects(self) -> None:
        """After the pages: an address that has a page does not redirect."""
        for old, (status, address) in redirecting.moves().items():
            path = redirecting.path_in_edition(old)
            if not self.claims(path):
                self.made[path] = Entry.redirect(status, address)

    def _bake(self, path: str, make: Callable[[], bytes]) -> None:
        try:
            content = make()
            if not Tree.can_hold(path):
                raise OutsideTheTree(path)
            enclosures = enclosed_in(content)
            made = {name: live.store_file(name, file) for name, file in enclosures.items()}
            self.made |= {**made, path: live.store(path, content)}
        except Exception:
            # Whatever is wrong with one page, the others are not late because of it.
            logger.exception("%s could not be baked; readers keep what was there", path)
            self.failed.append(path)
            self.kept |= {path, *enclosed_in(live.site().tree.read(path))}
