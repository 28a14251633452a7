"""Baking: from the pages in the database to the files that readers get.

A change is answered three times: in the editor's own request for the page and what holds it
(`answer`); then in the worker (`catch_up`) for its other neighbours, and by a full bake, which
compares every byte and needs no guess.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from tamizdat.editions.models import BakeRequest, Edition
from tamizdat.editions.oven import Oven
from tamizdat.editions.redirecting import forget
from tamizdat.editions.rendering import public_pages
from tamizdat.editions.tree import Tree

AN_EDITOR_WAITS_FOR = 3  # pages: a story, its section, the front
AT_ONCE = 40  # of many changes at once, more pages than this are left to the full bake
RETRY_AFTER = timedelta(minutes=10)
STALE_AFTER = timedelta(days=1)  # a change that sent no signal is on the site a day later

Progress = Callable[[list[int]], Iterable[int]]


def live_tree() -> Tree:
    return Tree(Path(settings.SITE_ROOT))


def bake(*, why: str, now: datetime, progress: Progress = iter) -> Edition:
    """Make the live tree what the database says, and tell what that took.

    A page that cannot be rendered keeps its last file, is counted, and is tried again later.
    Of two bakes the second waits. Interrupted, every file is whole; the next bake goes on.
    """
    tree = live_tree()
    with tree.lock("bake"):
        number = (Edition.objects.aggregate(Max("number"))["number__max"] or 0) + 1
        BakeRequest.objects.update(bake_number=number)
        oven = Oven(tree)
        bake_everything(oven, progress=progress)
        _clear(oven, number=number)
        BakeRequest.objects.filter(bake_number=number).delete()
        if oven.failed:
            why_again = f"{len(oven.failed)} failed"
            BakeRequest.objects.create(why=why_again, not_before=now + RETRY_AFTER)
        file_count, size_bytes = tree.measure()
        return Edition.objects.create(
            number=number,
            baked_at=now,
            why=why[:200],
            page_count=oven.page_count,
            file_count=file_count,
            changed_count=oven.changed_count,
            failed_count=len(oven.failed),
            size_bytes=size_bytes,
        )


def bake_everything(oven: Oven, *, progress: Progress = iter) -> None:
    """Fill the oven's tree; remove nothing."""
    oven.bake_targets()
    for pk in progress(list(public_pages().values_list("pk", flat=True))):
        oven.bake_page(pk)
    oven.bake_redirects()


def bake_pages(pks: Iterable[int]) -> Oven:
    """Bake these pages into the live tree now, and nothing else."""
    oven = Oven(live_tree())
    for pk in pks:
        oven.bake_page(pk)
    with oven.tree.lock("tree"):
        forget(oven.tree, oven.claimed)
    return oven


def request(*, why: str) -> None:
    """Ask the worker for a full bake, once this transaction is committed."""
    BakeRequest.objects.create(why=why[:200])


def answer() -> None:
    """Take away what is gone, then bake the pages that someone waits for. Safe to repeat."""
    urgent = list(BakeRequest.objects.urgent())
    tree = live_tree()
    for row in urgent:
        if row.gone_path:
            with tree.lock("tree"):
                tree.remove(row.gone_path)
    _bake_named(urgent)


def _bake_named(rows: Sequence[BakeRequest]) -> None:
    if pks := list(dict.fromkeys(row.page_pk for row in rows if row.page_pk)):
        bake_pages(pks[:AT_ONCE])
    answered = BakeRequest.objects.filter(pk__in=[row.pk for row in rows])
    answered.update(is_urgent=False, page_pk=None)


def catch_up(*, now: datetime) -> Edition | None:
    """Bake everything if anything was asked for, or if the last edition is a day old."""
    answer()
    asked = list(BakeRequest.objects.due(now=now).order_by("pk").values_list("why", flat=True))
    if asked:
        _bake_named(list(BakeRequest.objects.naming_a_page()))
        others = f" and {len(asked) - 1} more" if asked[1:] else ""
        return bake(why=f"{asked[0]}{others}", now=now)
    if not Edition.objects.filter(baked_at__gt=now - STALE_AFTER).exists():
        return bake(why="daily", now=now)
    return None


def _clear(oven: Oven, *, number: int) -> None:
    """Remove what nobody claims, unless someone published meanwhile.

    Then their files are not in our claims; the bake that they asked for will clear.
    """
    with oven.tree.lock("tree"):
        if not BakeRequest.objects.exclude(bake_number=number).exists():
            oven.tree.keep_only(oven.claimed)
