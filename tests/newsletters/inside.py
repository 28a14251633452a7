"""What the tests with killed workers do inside a newsroom; each prints JSON.

python -m tests.newsletters.inside prepare N | finish
"""

import json
import logging
import sys
from collections.abc import Callable
from datetime import timedelta

import django


def prepare(count: str) -> object:
    """So many subscribers, and an issue for them that is due."""
    from django.utils import timezone

    from tests.newsletters import making

    making.subscribe(*making.readers(int(count)))
    making.make_due(making.an_issue(), now=timezone.now())
    return int(count)


def finish() -> object:
    """What a worker does once the claims of those that were killed have lapsed."""
    from django.utils import timezone

    from tamizdat.newsletters import sending
    from tamizdat.newsletters.models import Delivery, Issue
    from tamizdat.newsletters.models.delivery import CLAIM_LIFETIME

    now = timezone.now()
    while (issue := Issue.objects.get()).state == Issue.State.OUT:
        now += timedelta(minutes=1) if sending.send_due(now=now) else CLAIM_LIFETIME
    sums = {"taken": issue.taken_count, "refused": issue.refused_count}
    return sums | {"in_doubt": issue.doubtful_count, "rows": Delivery.objects.count()}


VERBS: dict[str, Callable[..., object]] = {verb.__name__: verb for verb in (prepare, finish)}

if __name__ == "__main__":
    django.setup()
    logging.disable(logging.INFO)
    sys.stdout.write(json.dumps(VERBS[sys.argv[1]](*sys.argv[2:])))
