"""`tamizdat export DIR [--key age1… --request N]`: leave with everything."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import track

from tamizdat.config import exporting
from tamizdat.config.exporting import Exported, ExportRefused
from tamizdat.lib.age_keys import HOW_TO_MAKE_ONE, NotAnAgeKey, recipient_of
from tamizdat.lib.crate import Piece
from tamizdat.staff import consenting
from tamizdat.staff.consenting import NoConsent

NOBODY_AGREED = (
    "Supporters were not taken. Addresses, and who gave what, leave only when two people want it: "
    "ask in the desk (Exports) with this same key, have somebody else approve it there within 24 "
    "hours, and within 24 hours of that run this with --request and its number. Each is good for "
    "once. Without --key everything else is written. In an emergency --alone WHY needs nobody; it "
    "stands in the desk's log for good."
)


class Command(BaseCommand):
    help = "Write everything into a folder: stories, pictures, books; supporters only encrypted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="empty, new, or that of an earlier export")
        parser.add_argument("--key", default="", help="age1…: who alone can read the supporters")
        consent = parser.add_mutually_exclusive_group()
        consent.add_argument("--request", type=int, help="its number, approved in the desk")
        consent.add_argument("--alone", default="", metavar="WHY", help="without a second person")

    def handle(
        self, *, folder: Path, key: str, request: int | None, alone: str, **_: object
    ) -> None:
        console = Console(file=cast(IO[str], self.stdout), soft_wrap=True, highlight=False)

        def watch(pieces: Iterable[Piece], count: int) -> Iterable[Piece]:
            return track(pieces, "Writing", total=count, console=console)

        try:
            if key:
                recipient_of(key)
            take = _consent(key, request=request, alone=alone.strip()[:200])
            done = exporting.export(folder, key=key, take=take, watch=watch)
        except NotAnAgeKey as refusal:
            raise CommandError(str(refusal)) from None
        except NoConsent:
            raise CommandError(NOBODY_AGREED) from None
        except ExportRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as trouble:
            raise CommandError(
                f"Writing to {folder} failed: {trouble.strerror}. Run it again when that is "
                "mended; what is written is kept."
            ) from None
        show(done, folder, console, has_key=bool(key))


def _consent(key: str, *, request: int | None, alone: str) -> Callable[[], None]:
    """What uses up the consent that was given. Raises NoConsent before anything is written."""
    now = timezone.now()
    if alone:
        return lambda: consenting.take_alone(reason=alone, recipient=key, now=now)
    if key and request is None:
        raise NoConsent("no number")
    if request is not None:
        consenting.approved(request, recipient=key, now=now)
    return lambda: consenting.take(request or 0, recipient=key, now=timezone.now())


def show(done: Exported, folder: Path, console: Console, *, has_key: bool) -> None:
    for kind, count in sorted((done.counts + done.sealed).items()):
        console.print(f"{count:>9} {kind}")
    if done.changed:
        console.print(f"{done.files} files in {folder}, {done.changed} of them new or changed.")
    else:
        console.print(f"Nothing to do: the {done.files} files in {folder} are as they should be.")
    if has_key:
        console.print(f"Supporters and reminders are in {exporting.SEALED}, for your key alone.")
    else:
        console.print(
            "Supporters and reminders were LEFT OUT: they are only written encrypted. "
            f"{HOW_TO_MAKE_ONE} Then run this again with --key."
        )
    console.print(f"{exporting.README} there says what is what.")
