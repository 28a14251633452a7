"""Several at once, in threads with transactions of their own, on either database."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from tamizdat.payments.errors import WrongState


def race(runs: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of them returned, or the WrongState it raised, all having started together."""
    start = threading.Barrier(len(runs))

    def one(run):
        try:
            start.wait()
            return run()
        except WrongState as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(runs)) as pool:
        return list(pool.map(one, runs))
