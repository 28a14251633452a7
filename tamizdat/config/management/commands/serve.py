import errno
import os
import sys
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tamizdat.config import processes, supervising, webservers
from tamizdat.lib.hosts import is_at_home


class Command(BaseCommand):
    help = "Serve the baked tree and the zones beside it, and work; Ctrl-C stops everything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--zone", choices=settings.ZONES, default=settings.ZONE)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-work", action="store_true", help="the worker runs elsewhere")
        parser.add_argument(
            "--config",
            choices=webservers.TEMPLATES,
            help="serve nothing; print what makes this web server do it, with --port behind it",
        )

    def handle(self, *, config: str | None, **options: Any) -> None:
        if config:
            behind = f"{options['host']}:{options['port']}"
            self.stdout.write(webservers.configuration(config, zone=options["zone"], behind=behind))
        else:
            self._serve(**{name: options[name] for name in ("zone", "host", "port", "no_work")})

    def _serve(self, *, zone: str, host: str, port: int, no_work: bool) -> None:
        refuse_taken_port(host, port)
        stop = supervising.listen_for_stop()
        commands = [processes.server(host, port)]
        if zone == "all" and not no_work:
            commands.append(processes.tamizdat("work"))
        environ = os.environ | {"TAMIZDAT_ZONE": zone, "TAMIZDAT_HOME": str(settings.HOME)}
        sys.exit(
            supervising.run_together(
                commands,
                environ=environ,
                stop=stop,
                address=(host, port),
                greeting=greeting(zone, host, port),
            )
        )


def greeting(zone: str, host: str, port: int) -> str:
    """What is served where; a site of this machine alone has links that lead to one port."""
    said = f"http://{host}:{port}/ serves {_WHAT[zone]}. Ctrl-C stops.\n"
    if is_at_home(settings.SITE_ADDRESS) and urlsplit(settings.SITE_ADDRESS).port != port:
        said += f"Its links lead to {settings.SITE_ADDRESS}: set site.address for another port.\n"
    return said


_WHAT = {
    "all": "the site, giving and the desk (/desk/)",
    "site": "the site: files and nothing else",
    "give": "giving",
    "desk": "the desk (/desk/)",
}


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError unless we could listen there."""
    try:
        processes.listen_once(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"Port {port} is taken: stop what uses it, or choose another with --port."
        else:
            message = f"Cannot listen on {host} port {port}: {error.strerror}."
        raise CommandError(message) from error
