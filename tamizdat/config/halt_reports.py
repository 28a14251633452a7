"""What a halt did, in counts and without a name, signed with the key that signs editions."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings

from tamizdat.editions import signing
from tamizdat.funding.halting import Report


def as_text(report: Report) -> str:
    return json.dumps(_words(report), indent=1) + "\n"


def keep(report: Report) -> Path:
    """Write it beside its signature, into `halts/` of the newsroom. Where it is."""
    folder = Path(settings.HOME) / "halts"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"halt-{report.order}-{report.at:%Y%m%dT%H%M%S%f}.json"
    content = as_text(report).encode()
    comment = f"halt:{report.order} written:{signing.stamp(report.at)}"
    signature = signing.release_key().sign(content, trusted_comment=comment)
    file.with_name(f"{file.name}.minisig").write_bytes(signature)
    file.write_bytes(content)
    return file


def _words(report: Report) -> dict[str, Any]:
    return {
        "software": f"tamizdat {version('tamizdat')}",
        "halt": report.order,
        "of": {"country": report.scope.country, "provider": report.scope.provider},
        "written_at": signing.stamp(report.at),
        "pledges_halted": report.pledges_halted,
        "instruments_revoked": report.instruments_revoked,
        "attempts_canceled": report.attempts_canceled,
        "attempts_taken_before": report.attempts_taken_before,
        "attempts_pending": report.attempts_pending,
        "attempts_waiting": report.attempts_waiting,
        "attempts_not_reached": dict(sorted(report.not_reached.items())),
    }
