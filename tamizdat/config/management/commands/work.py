from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from tamizdat.config import chores, heartbeat, supervising


class Command(BaseCommand):
    help = (
        "Publish what is scheduled, bake, settle and charge what is due, remind: again and again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything once, then end")

    def handle(self, *, once: bool, **_: Any) -> None:
        if once:
            failed = self._round(supervising.Stop())
            if failed:
                raise CommandError(f"Could not {', '.join(failed)}. The reasons are above.")
            return
        stop = supervising.listen_for_stop()
        while not stop.is_set():
            close_old_connections()  # a database that went away is asked anew
            self._round(stop)
            stop.wait(settings.WORK_SECONDS)

    def _round(self, stop: supervising.Stop) -> list[str]:
        failed = chores.do_all(chores.CHORES, clock=timezone.now, stop=stop)
        heartbeat.beat(now=timezone.now())
        return failed
