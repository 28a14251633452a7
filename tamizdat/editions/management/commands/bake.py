from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.progress import Progress

from tamizdat.editions import baking, explaining


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

    def handle(self, *, verbosity: int, **options: Any) -> None: ...
