"""Making the demo newsroom, in steps that may each be interrupted and repeated."""

import os
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings

from tamizdat.demo import content, gifts, letters, marker, newsroom, safety, trying
from tamizdat.demo.content import Paper
from tamizdat.demo.pictures import gallery
from tamizdat.editions import baking
from tamizdat.editions.baking import Watcher, nobody
from tamizdat.staff.models import User

Track = Callable[..., Any]  # rich's: goes through a sequence and shows how far it is


def make(*, progress: Track, now: datetime, watch: Watcher = nobody) -> None:
    """Make what is missing. Once everything was made, the newsroom belongs to its desk."""
    by = desk_user()
    if marker.was_finished(settings.HOME):
        if not marker.is_finished(settings.HOME, address=settings.SITE_ADDRESS):
            _bake_for_this_address(watch, now=now)
        return
    there = newsroom.pictures_there()
    missing = [name for name in gallery.NAMES if name not in there]
    for name, jpeg in progress(gallery.drawn(missing), len(missing), description="Cutting paper"):
        newsroom.hang(name, jpeg)
    papers = [content.load(code) for code, _ in settings.LANGUAGES if code in content.LANGUAGES]
    for paper in papers:
        name = paper.outlet["masthead"]["name"]
        steps = newsroom.printing(paper, by=by, now=now)
        newsroom.run(progress(steps, description=f"Printing {name}"))
    safety.write_rules(now=now)
    _live_a_year(papers, progress=progress, now=now)
    gifts.leave_reminders(now=now)
    _bake_for_this_address(watch, now=now)


def _live_a_year(papers: list[Paper], *, progress: Track, now: datetime) -> None:
    """What readers gave, tried and wished for, up to today."""
    year = gifts.Year(now=now)
    for paper in papers:
        if "tried" in paper.outlet:
            trying.try_out(paper, now=year.today)
    cast = gifts.readers(trying.asks([paper.language for paper in papers], now=now))
    with gifts.bank_next_door() as bank:
        left = gifts.YEAR - year.lived
        for day, at in progress(year.days(), left, description="A year of gifts"):
            gifts.live(day, at, bank, cast)
        letters.gather([paper.language for paper in papers], now=now)
        for paper in progress(papers, len(papers), description="Newsletters"):
            letters.write(paper, now=now)


def desk_user() -> User:
    """Who may do everything at the desk; the password is made once and kept beside the keys."""
    path = settings.HOME / "secrets" / "desk-password"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(9) + "\n")
    user, is_new = User.objects.get_or_create(
        username="desk", defaults={"is_superuser": True, "is_staff": True, "first_name": "Desk"}
    )
    if is_new:
        user.set_password(path.read_text().strip())
        user.save(update_fields=["password"])
    return user


def _bake_for_this_address(watch: Watcher, *, now: datetime) -> None:
    tally = baking.bake(now=now, watch=watch)
    while baking.finish(now=now, at_once=20).pages:  # the cards, which readers do not wait for
        pass
    if not tally.failed:
        marker.finish(settings.HOME, address=settings.SITE_ADDRESS)
