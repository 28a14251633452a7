import getpass
from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tamizdat.editions import live, releasing, signing
from tamizdat.editions.manifest import Change, Entry
from tamizdat.editions.models import Edition
from tamizdat.lib import verifying
from tamizdat.lib.minisign import BadKey, SecretKey


class Command(BaseCommand):
    help = "Look at the editions of the site, go back to one, clear old ones away, keep the keys."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        listing = verbs.add_parser("list", help="the newest editions")
        listing.add_argument("--count", type=_count, default=releasing.KEEP_EDITIONS)
        verify = verbs.add_parser("verify", help="compare the live tree with what we signed")
        verify.add_argument("--repair", action="store_true", help="and put right what differs")
        rollback = verbs.add_parser("rollback", help="make a new edition of what an older one was")
        rollback.add_argument("number", type=int)
        rollback.add_argument(
            "--bring-back", action="store_true", help="what was taken away since, too"
        )
        verbs.add_parser("prune", help="clear away what no edition of the last 30 days holds")
        diff = verbs.add_parser("diff", help="what changed between two editions")
        diff.add_argument("older", type=int)
        diff.add_argument("newer", type=int)
        key = verbs.add_parser("key", help="show the keys; make and use the root key")
        key.add_argument("--new-root", type=Path, metavar="FILE", help="make a root key there")
        key.add_argument("--root", type=Path, metavar="FILE", help="sign again with this root key")
        key.add_argument("--rotate", action="store_true", help="make a new release key first")
        key.add_argument(
            "--yes", action="store_true", help="although readers must learn another key"
        )

    def handle(self, *, verb: str, **options: Any) -> None:
        verbs: Mapping[str, Callable[..., None]] = {
            "list": self.list, "verify": self.verify, "rollback": self.rollback,
            "prune": self.prune, "diff": self.diff, "key": self.key,
        }  # fmt: skip
        try:
            verbs[verb](now=timezone.now(), **options)
        except (releasing.NoSuchEdition, BadKey, OSError) as error:
            raise CommandError(str(error)) from error

    def list(self, *, count: int, **_: Any) -> None:
        for row in Edition.objects.all()[:count]:
            why = row.why + ("" if row.root else " (cleared away)")
            self.stdout.write(
                f"{row.number:>6}  {row.baked_at:%Y-%m-%d %H:%M}  {row.file_count:>7} files  "
                f"{row.changed_count:>6} changed  {why}"
            )

    def verify(self, *, repair: bool, now: datetime, **_: Any) -> None:
        report = releasing.examine(now=now)
        verifying.describe(report, self.stdout.write)
        if report.holds:
            return
        if not repair:
            raise CommandError("The tree is not what we signed. `--repair` puts it right.")
        mended = releasing.repair(report, now=now)
        self.stdout.write(f"{len(mended.restored)} restored, {len(mended.removed)} taken away.")
        if mended.lost:
            lost = ", ".join(mended.lost[:5])
            raise CommandError(
                f"The only copy of {len(mended.lost)} files was damaged ({lost} …). "
                "`tamizdat bake --all` makes them again."
            )

    def rollback(self, *, number: int, bring_back: bool, now: datetime, **_: Any) -> None:
        try:
            edition = releasing.roll_back(number, now=now, bring_back=bring_back)
        except releasing.WouldBringBack as error:
            paths = "".join(f"\n  /{path.removesuffix('index.html')}" for path in error.paths)
            raise CommandError(
                f"Edition {number} has what was taken away since: it would be public "
                f"again, and so would lists and feeds that tell of it:{paths}\n"
                "Nothing was changed. If that endangers nobody, add --bring-back."
            ) from error
        self.stdout.write(
            f"Edition {edition.number} is what edition {number} was; {edition.changed_count} files "
            "changed. Words that were taken out of pages since are public again. It stays so until "
            "something changes at the desk or `tamizdat bake` is run; then the whole site is as "
            "the desk has it."
        )

    def prune(self, *, now: datetime, **_: Any) -> None:
        self.stdout.write(f"{releasing.prune(now=now)} files cleared away.")

    def diff(self, *, older: int, newer: int, **_: Any) -> None:
        changes = releasing.differences(releasing.edition(older), releasing.edition(newer))
        for change in sorted(changes):
            self.stdout.write(f"{_sign(change)} {change.path}{_what(change.after)}")

    def key(
        self,
        *,
        new_root: Path | None,
        root: Path | None,
        rotate: bool,
        yes: bool,
        now: datetime,
        **_: Any,
    ) -> None:
        held = signing.known_keys().get("root")
        if rotate and held and not (new_root or root):
            raise CommandError("Add --root FILE: the root key must sign the new release key.")
        if not yes and not root and (rotate or (new_root and held)):
            raise CommandError(_loses_readers(held))
        secret = self._new_root(new_root) if new_root else self._root(root) if root else None
        if not yes and secret and held and secret.public() != held:
            raise CommandError(_loses_readers(held))
        if rotate:
            signing.replace_release_key()
        if secret:
            signing.sign_release_key(secret, now=now)
        if secret or rotate:
            live.renew(now=now)
        self.stdout.write(f"Readers check with:  {signing.trusted_key()}")
        self.stdout.write(f"Editions are signed by:  {signing.release_key().public()}")
        for says, remedy in signing.advice(now=now):
            self.stdout.write(f"Know: {says}\n     {remedy}")

    def _new_root(self, file: Path) -> SecretKey:
        passphrase = _ask("A passphrase for the root key: ")
        if not passphrase or passphrase != _ask("Once more: "):
            raise CommandError("The two differ, or there is none. Nothing was written.")
        secret = SecretKey.generate()
        signing.keep_secret(file, secret.as_text(passphrase=passphrase))
        file.with_name(f"{file.name}.pub").write_text(secret.public_file())
        self.stdout.write(f"The root key is {file}. Take it off this machine, and copy it once.")
        return secret

    def _root(self, file: Path) -> SecretKey:
        try:
            text = file.read_text(errors="replace")
        except OSError as error:
            raise CommandError(
                f"{file} cannot be read ({error.strerror}): is the memory stick in?"
            ) from error
        return SecretKey.from_text(text, passphrase=_ask("The passphrase of the root key: "))


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10**6:
        raise ArgumentTypeError("it is a number from 1 to 1000000")
    return int(text)


def _ask(prompt: str) -> str:
    try:
        return getpass.getpass(prompt)
    except EOFError as error:
        raise CommandError("Run this in a terminal: it asks for a passphrase.") from error


def _loses_readers(held: str | None) -> str:
    if held:
        return (
            f"Readers hold the root key {held}, and would believe nothing that another one vouches "
            "for. Nothing was changed. Use --root FILE with that key; if it is lost, add --yes, "
            "and give every reader the new line."
        )
    return (
        "There is no root key: readers hold the release key itself, and would believe nothing "
        "that a new one signs. Nothing was changed. Run `tamizdat edition key --new-root FILE` "
        "and give readers that line first; if the release key is lost or stolen, add --yes, and "
        "give every reader the new line."
    )


def _sign(change: Change) -> str:
    if change.before is None:
        return "+"
    return "-" if change.after is None else "~"


def _what(entry: Entry | None) -> str:
    if entry is None or entry.status == 200:
        return ""
    return f" → {entry.location}" if entry.location else " (gone)"
