from concurrent.futures.process import BrokenProcessPool
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.progress import Progress

from tamizdat.editions import baking, explaining, settling, verifying
from tamizdat.editions.baking import Watcher


class Command(BaseCommand):
    help = "Bake what is outdated into the live tree."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--all", action="store_true", help="make every page anew")
        what.add_argument(
            "--verify", action="store_true", help="make every page anew beside the tree and compare"
        )
        what.add_argument("--why", metavar="PATH", help="say why the page at PATH was last baked")
        parser.add_argument("--workers", type=int, default=0, help="default: one for each core")

    def handle(self, **options: Any) -> None:
        if options["why"]:
            self._explain(options["why"])
            return
        try:
            self._bake(**options)
        except BrokenProcessPool as error:
            raise CommandError(
                "A process that baked was killed, perhaps because memory ran out. What is live is "
                "whole. Run the same again to go on; `--workers 1` takes less memory."
            ) from error

    def _bake(self, *, verbosity: int, workers: int, **options: Any) -> None:
        with Progress(disable=verbosity == 0) as progress:
            watch = _watcher(progress)
            if options["verify"]:
                self._verify(workers, watch)
                return
            settling.let_go()
            make = baking.bake if options["all"] else baking.catch_up
            tally = make(now=timezone.now(), workers=workers, watch=watch)
        self.stdout.write(f"{tally}.")
        if tally.failed:
            raise CommandError(
                f"{tally.failed} could not be baked; their last version is still there. "
                "The reasons are above."
            )

    def _verify(self, workers: int, watch: Watcher) -> None:
        missed = verifying.verify(now=timezone.now(), workers=workers, watch=watch)
        for each in missed:
            self.stdout.write(f"{each.key} was missed: {', '.join(each.paths)}")
        if missed:
            raise CommandError(
                f"{len(missed)} were not what a full bake makes. They are now; please report this."
            )
        self.stdout.write("Every page is what a full bake makes.")

    def _explain(self, path: str) -> None:
        reason = explaining.why(path)
        if reason is None:
            raise CommandError(f"Nothing is baked at {path}. Give an address such as /harbour/.")
        self.stdout.write(f"{reason.path} is {reason.target}.")
        self.stdout.write(f"Last baked {reason.baked_at:%Y-%m-%d %H:%M:%S} UTC: {reason.why}.")
        for fact, tokens in reason.reads.items():
            self.stdout.write(f"  {fact}  {' '.join(tokens)}")


def _watcher(progress: Progress) -> Watcher:
    task = progress.add_task("Baking", total=None)

    def watch(done: int, of: int) -> None:
        progress.update(task, completed=done, total=of)

    return watch
