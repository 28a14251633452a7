import mailbox
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tamizdat.outlet import returned


class Command(BaseCommand):
    help = "Forget addresses at which nobody is, by the mails that came back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE",
                            help="an mbox, a Maildir or one mail")  # fmt: skip
        parser.add_argument("--addresses", type=Path, metavar="FILE",
                            help="a list of addresses to be forgotten, one a line")  # fmt: skip

    def handle(self, *, files: list[Path], addresses: Path | None, **_: Any) -> None:
        if not files and not addresses:
            raise CommandError("Name a file of mails that came back, or --addresses and a list.")
        for path in [*files, *([addresses] if addresses else [])]:
            if not path.exists():
                raise CommandError(f"There is no {path}.")
        counts = returned.take_in(mail for path in files for mail in _mails(path))
        if addresses:
            counts += returned.forget(addresses.read_text("utf-8").splitlines())
        for outcome, count in sorted(counts.items()):
            self.stdout.write(f"{outcome}: {count}")


def _mails(path: Path) -> Iterator[Message]:
    if path.is_dir():
        yield from mailbox.Maildir(path, create=False)
    elif path.read_bytes()[:5] == b"From ":
        yield from mailbox.mbox(path, create=False)
    else:
        yield message_from_bytes(path.read_bytes())
