from django.core.management.base import BaseCommand, CommandParser
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from tamizdat.demo.bank.serving import notify_address


class Command(BaseCommand):
    help = "Serve the demo bank, which takes pretend money. Keeps its own file; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8001)

    def handle(self, *, port: int, **_: object) -> None:
        self.stdout.write(f"The Bank of Nowhere: http://127.0.0.1:{port}, tells {notify_address()}")
        server = Server(
            "tamizdat.demo.bank.serving:app",
            factory=True,
            interface=Interfaces.WSGI,
            address="127.0.0.1",
            port=port,
            workers=1,  # one clerk, one courier
            blocking_threads=4,
            websockets=False,
            log_level=LogLevels.warning,
            log_access=False,
        )
        server.serve()
