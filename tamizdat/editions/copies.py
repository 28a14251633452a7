"""What becomes of an edition after it is live here: a chore of the worker, tried until it works."""

import logging
from datetime import datetime

from django.conf import settings

from tamizdat.editions import bucket, cdn, live, releasing

logger = logging.getLogger(__name__)
POLISH_AT_ONCE = 40


def spread(*, now: datetime) -> None:
    """Keep the signature fresh, bring the bucket and then the caches up to date."""
    releasing.renew_if_due(now=now)
    if settings.S3_BUCKET:
        try:
            bucket.push(bucket.connect(), now=now)
        except bucket.SomeoneElsePushes as error:
            logger.info("not pushed this time: %s", error)
            return
    cdn.purge()


def polish(*, now: datetime) -> None:  # noqa: ARG001 a chore
    live.polish(POLISH_AT_ONCE)
