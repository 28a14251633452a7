"""Baking: from the pages in the database to the files that readers get.

A change is answered three times: in the editor's own request for the page and what holds it
(`answer`); then in the worker (`catch_up`) for its other neighbours, and by a full bake, which
compares every byte and needs no guess.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from tamizdat.editions import live
from tamizdat.editions.models import BakeRequest, Edition
from tamizdat.editions.oven import Oven
from tamizdat.editions.rendering import public_pages

AN_EDITOR_WAITS_FOR = 3  # pages: a story, its section, the front
AT_ONCE = 40  # of many changes at once, more pages than this are left to the full bake
RETRY_AFTER = timedelta(minutes=10)
STALE_AFTER = timedelta(days=1)  # a change that sent no signal is on the site a day later

Progress = Callable[[list[int]], Iterable[int]]


def bake(*, why: str, now: datetime, progress: Progress = iter) -> Edition:
    """Make the live tree what the database says, and tell what that took.

    A page that cannot be rendered keeps its last file, is counted, and is tried again later.
    Of two bakes the second waits. Interrupted, every file is whole; the next bake goes on.
    """
    with live.site().tree.lock("bake"):
        number = (Edition.objects.aggregate(Max("number"))["number__max"] or 0) + 1
        BakeRequest.objects.update(bake_number=number)
        oven = Oven()
        bake_everything(oven, progress=progress)
        edition = live.go_live(
            {**_unclaimed(oven, number=number), **oven.made},
            why=why,
            now=now,
            page_count=oven.page_count,
            failed_count=len(oven.failed),
        )
        BakeRequest.objects.filter(bake_number=number).delete()
        if oven.failed:
            why_again = f"{len(oven.failed)} failed"
            BakeRequest.objects.create(why=why_again, not_before=now + RETRY_AFTER)
        return edition


def bake_everything(oven: Oven, *, progress: Progress = iter) -> None:
    """Fill the oven with all there is."""
    oven.bake_targets()
    for pk in progress(list(public_pages().values_list("pk", flat=True))):
        oven.bake_page(pk)
    oven.bake_redirects()


def bake_pages(pks: Iterable[int], *, why: str, now: datetime, gone: Sequence[str] = ()) -> None:
    """Bake these pages into the live tree now, after taking away what is gone."""
    oven = Oven()
    for pk in pks:
        oven.bake_page(pk)
    changes = {**dict.fromkeys(gone), **oven.made}
    live.go_live(changes, why=why, now=now, page_count=oven.page_count, remove_first=gone)


def request(*, why: str) -> None:
    """Ask the worker for a full bake, once this transaction is committed."""
    BakeRequest.objects.create(why=why[:200])


def answer(*, now: datetime | None = None) -> None:
    """Take away what is gone, then bake the pages that someone waits for. Safe to repeat."""
    _bake_named(list(BakeRequest.objects.urgent()), now=now or timezone.now())


def _bake_named(rows: Sequence[BakeRequest], *, now: datetime) -> None:
    pks = list(dict.fromkeys(row.page_pk for row in rows if row.page_pk))
    gone = [row.gone_path for row in rows if row.gone_path]
    if pks or gone:
        bake_pages(pks[:AT_ONCE], why=rows[0].why, now=now, gone=gone)
    answered = BakeRequest.objects.filter(pk__in=[row.pk for row in rows])
    answered.update(is_urgent=False, page_pk=None)


def catch_up(*, now: datetime) -> Edition | None:
    """Bake everything if anything was asked for, or if the last edition is a day old."""
    answer(now=now)
    asked = list(BakeRequest.objects.due(now=now).order_by("pk").values_list("why", flat=True))
    if asked:
        _bake_named(list(BakeRequest.objects.naming_a_page()), now=now)
        others = f" and {len(asked) - 1} more" if asked[1:] else ""
        return bake(why=f"{asked[0]}{others}", now=now)
    if not Edition.objects.filter(baked_at__gt=now - STALE_AFTER).exists():
        return bake(why="daily", now=now)
    return None


def _unclaimed(oven: Oven, *, number: int) -> dict[str, None]:
    """What nobody claims any more, unless someone published meanwhile.

    Then their files are not in our claims; the bake that they asked for will clear.
    """
    if BakeRequest.objects.exclude(bake_number=number).exists():
        return {}
    here = live.site().manifest.entries(live.site().root())
    return {path: None for path, _ in here if not oven.claims(path)}
