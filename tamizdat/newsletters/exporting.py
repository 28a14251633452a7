"""What was sent, and to whom: the one as a file, the other for a file that only a key opens."""

import json
from collections.abc import Iterator
from typing import Any

from tamizdat.lib.crate import Piece
from tamizdat.newsletters.models import Issue, Subscriber


def pieces() -> Iterator[Piece]:
    yield Piece("outlet/newsletters.json", "lists", _issues)


def sealed_rows() -> Iterator[dict[str, Any]]:
    """Every subscriber, the address readable. Who has not confirmed is nobody yet."""
    for subscriber in Subscriber.objects.order_by("pk").iterator():
        yield {
            "kind": "subscriber",
            "address": subscriber.address,
            "language": subscriber.language,
            "confirmed_on": subscriber.confirmed_on.isoformat(),
        }


def _issues() -> list[bytes]:
    issues = Issue.objects.select_related("locale").prefetch_related("picks").order_by("pk")
    rows = [
        {
            "language": issue.language,
            "subject": issue.subject,
            "intro": issue.intro,
            "stories": [pick.story_id for pick in issue.picks.all()],
            "state": issue.state,
            "sent_at": issue.set_out_at and issue.set_out_at.isoformat(),
            "text": issue.text,
        }
        for issue in issues
    ]
    return [json.dumps(rows, ensure_ascii=False, indent=1).encode()]
