"""What is missing or risky in this newsroom, in words for the one who runs it."""

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tamizdat import theme
from tamizdat.config import heartbeat
from tamizdat.editions import signing
from tamizdat.editions.models import Edition, Outdated, Verification
from tamizdat.staff.models import User
from tamizdat.stories import developing

LITTLE_SPACE_BYTES = 1_000_000_000
NO_SPACE_BYTES = 100_000_000
SENTENCES = Path(theme.__file__).parent / "locale"  # as every app that speaks to readers has it


@dataclass(frozen=True)
class Finding:
    says: str
    remedy: str
    must_be_fixed: bool = False


def examine(*, now: datetime) -> list[Finding]:
    """Everything there is to say, the urgent first.

    When the tables do not fit, nothing that asks them is asked.
    """
    findings = [*_of(_from_the_start)]
    if not any(finding.must_be_fixed for finding in _unapplied_migrations()):
        findings += [*_system_checks(), *_baking(now), *_signing(now), *_lost_pictures()]
        findings += [*_signing_in(), *_working(now)]
    return sorted(findings, key=lambda finding: not finding.must_be_fixed)


def _of(parts: "tuple[Callable[[], Iterator[Finding]], ...]") -> Iterator[Finding]:
    for part in parts:
        yield from part()


def _unapplied_migrations() -> Iterator[Finding]:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        says = f"The database does not answer ({type(error).__name__})."
        yield Finding(says, "Look at database.url and at the database.", must_be_fixed=True)
        return
    if plan:
        says = f"The database is {len(plan)} migrations behind the software."
        yield Finding(says, "Back up, then run `tamizdat migrate`.", must_be_fixed=True)


def _private_files() -> Iterator[Finding]:
    home = Path(settings.HOME)
    for file in sorted([*home.glob("secrets/*.key"), *home.glob("db.sqlite3*")]):
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            says = f"Others on this machine can read {file}."
            yield Finding(says, f"chmod 600 {file}", must_be_fixed=True)


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.HOME).free
    if free < LITTLE_SPACE_BYTES:
        says = f"There are {free // 1_000_000} MB left on the disk of {settings.HOME}."
        yield Finding(says, "Make room.", must_be_fixed=free < NO_SPACE_BYTES)


def _mail() -> Iterator[Finding]:
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        says = f"Mail reaches nobody: it is written to {settings.EMAIL_FILE_PATH}."
        yield Finding(says, "Set mail.host, mail.user and mail.sender.")


def _sentences() -> Iterator[Finding]:
    for code, name in settings.LANGUAGES:
        language = code.partition("-")[0]
        if language != "en" and not (SENTENCES / language).exists():
            yield Finding(
                f"Readers in {name} find our own sentences (buttons, forms, mails) in English.",
                f"They are not translated into {code!r} yet: CONTRIBUTING.md says how to do it.",
            )


_from_the_start = (_unapplied_migrations, _private_files, _disk, _mail, _sentences)


def _system_checks() -> Iterator[Finding]:
    for message in checks.run_checks(databases=["default"]):
        if not message.is_silenced():
            says = f"{message.msg} ({message.id})"
            must = message.is_serious(checks.ERROR)
            yield Finding(says, message.hint or "See docs/operating.md.", must_be_fixed=must)


def _baking(now: datetime) -> Iterator[Finding]:
    edition = Edition.objects.first()
    if edition is None:
        yield Finding("No edition is baked yet: readers see nothing.", "Run `tamizdat bake`.", True)
    elif edition.failed_count:
        says = f"{edition.failed_count} pages of {edition} could not be baked."
        yield Finding(says, "Run `tamizdat bake` and read why.", must_be_fixed=True)
    verified = Verification.objects.order_by("-at").first()
    if verified and verified.missed_count:
        says = (
            f"The last verifying found {verified.missed_count} pages out of date; it mended them."
        )
        yield Finding(says, "Please report it with what the log says: a trace missed something.")
    if overdue := Outdated.objects.overdue(now=now).count():
        says = f"{overdue} pages wait to be baked for more than ten minutes."
        yield Finding(says, "Look whether `tamizdat work` runs.", must_be_fixed=True)


def _signing(now: datetime) -> Iterator[Finding]:
    for says, remedy in signing.advice(now=now):
        yield Finding(says, remedy)


def _lost_pictures() -> Iterator[Finding]:
    if lost := developing.look_for_lost():
        says = f"The files of {len(lost)} pictures are missing, and pages leave them out: "
        remedy = "Bring them back from a backup of media/, or upload the pictures again."
        yield Finding(says + ", ".join(picture.file.name for picture in lost[:3]), remedy)


def _signing_in() -> Iterator[Finding]:
    if not User.objects.filter(is_active=True).exists():
        yield Finding("Nobody can sign in to the desk.", "Run `tamizdat createsuperuser`.")


def _working(now: datetime) -> Iterator[Finding]:
    beat = heartbeat.last_beat()
    if beat is None or now - beat > heartbeat.STALE_AFTER:
        since = f"since {beat:%Y-%m-%d %H:%M} UTC" if beat else "here so far"
        says = f"No worker has come round {since}: nothing is scheduled, charged or reminded."
        yield Finding(says, "Run `tamizdat work`, or `tamizdat serve` without --no-work.")
