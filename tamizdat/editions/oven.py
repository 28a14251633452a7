"""One bake under way: what it wrote, what it claims, what failed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from tamizdat.editions import redirecting
from tamizdat.editions.enclosures import enclosed_in
from tamizdat.editions.rendering import path_of, public_pages, render
from tamizdat.editions.targets import all_targets
from tamizdat.editions.tree import OutsideTheTree, Tree

logger = logging.getLogger(__name__)


@dataclass
class Oven:
    tree: Tree
    claimed: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    page_count: int = 0
    changed_count: int = 0

    def bake_page(self, pk: int) -> None:
        """Bake the page if anyone may read it.

        It is read anew inside the lock, so that of two bakes the later one has the later words.
        """
        with self.tree.lock("tree"):
            page = public_pages().filter(pk=pk).specific().first()
            if page and (path := path_of(page)):
                self.page_count += 1
                self._bake(path, lambda: render(page))

    def bake_targets(self) -> None:
        """Raises what a source raises while it lists its targets."""
        for target in all_targets():
            with self.tree.lock("tree"):
                self._bake(target.path, target.render)

    def bake_redirects(self) -> None:
        """After the pages: an address that has a page does not redirect."""
        moves = redirecting.moves()
        stubs = {old: redirecting.stub_path(old) for old in moves}
        with self.tree.lock("tree"):
            kept = {old: move for old, move in moves.items() if stubs[old] not in self.claimed}
            for old, (_status, address) in kept.items():
                self._bake_stub(stubs[old], address)
            redirecting.write_map(self.tree, kept)

    def _bake_stub(self, path: str | None, address: str) -> None:
        try:
            if path:
                self.changed_count += self.tree.put(path, redirecting.stub(address))
                self.claimed.add(path)
        except OutsideTheTree:
            logger.warning("%r is no file name: only our own server redirects it", path)

    def _bake(self, path: str, make: Callable[[], bytes]) -> None:
        try:
            content = make()
            enclosures = enclosed_in(content)
            for name, file in enclosures.items():
                self.changed_count += self.tree.link(name, file)
            self.changed_count += self.tree.put(path, content)
        except Exception:
            # Whatever is wrong with one page, the others are not late because of it.
            logger.exception("%s could not be baked; readers keep what was there", path)
            self.failed.append(path)
            enclosures = enclosed_in(self.tree.read(path))
        self.claimed |= {path, *enclosures}
