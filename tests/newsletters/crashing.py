"""Workers are killed with -9 while they send a newsletter through a real mail server."""

import itertools
import time
from dataclasses import dataclass
from typing import Any

from tests.newsletters.mail_server import MailServer
from tests.towns import WORK, Town

BATCH = 200  # as in tamizdat.newsletters.sending, which needs Django
INSIDE = "tests.newsletters.inside"


@dataclass(frozen=True)
class Outcome:
    addresses: int
    came: int
    came_twice: int
    kills: int
    seconds: float  # with workers, until the last was killed
    came_by_then: int
    found: dict[str, Any]

    @property
    def is_kept(self) -> bool:
        """Nobody is mailed twice; of a worker that was killed at most one mail is lost."""
        lost, found = self.addresses - self.came, self.found
        return (
            self.came_twice == 0
            and 0 <= lost <= self.kills
            and found["taken"] + found["in_doubt"] == self.addresses
            and found["taken"] <= self.came
            and found["rows"] == found["refused"] == 0
        )


def run(town: Town, server: MailServer, *, addresses: int, a_kill_each: int) -> Outcome:
    """Two workers, one of them killed and begun again after each so many mails, in the end both."""
    town.more = server.environ | {"TAMIZDAT_NEWSLETTER_PER_MINUTE": "1000000"}
    town.init()
    town.module(INSIDE, "prepare", addresses)
    names = [name for name in town.names if name.startswith(WORK)]
    for name in names:
        town.start(name)
    server.wait_for(1)
    start, kills = time.perf_counter(), 0
    # What a killed worker had claimed is out of the others' reach for a while.
    while (kills + 1) * (a_kill_each + BATCH) <= addresses:
        server.wait_for((kills + 1) * a_kill_each)
        name = next(itertools.islice(itertools.cycle(names), kills, None))
        town.kill(name)
        town.start(name)
        kills += 1
    for name in names:
        town.kill(name)
    seconds, by_then = time.perf_counter() - start, len(server.recipients)
    found = town.module(INSIDE, "finish")
    came = server.recipients
    return Outcome(
        addresses=addresses,
        came=len(set(came)),
        came_twice=len(came) - len(set(came)),
        kills=kills + len(names),
        seconds=seconds,
        came_by_then=by_then,
        found=found,
    )
