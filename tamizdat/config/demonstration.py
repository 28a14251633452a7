"""`tamizdat demo`: a newsroom with stories and gifts, from nothing, at one's own machine."""

import argparse
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.management import execute_from_command_line

from tamizdat.config import newsroom, supervising
from tamizdat.lib.env import BadSetting

LANGUAGES = ["en", "ru", "fa"]
HOST = "127.0.0.1"


def run(arguments: Sequence[str]) -> None:
    """Make what is missing of the demo newsroom, then serve it and its bank until stopped.

    Raises BadSetting if a port is taken or the folder holds something else, before any work.
    """
    parser = argparse.ArgumentParser(prog="tamizdat demo", description=str(__doc__))
    parser.add_argument("--home", type=Path, default=Path("var"), metavar="FOLDER")
    parser.add_argument("--port", type=int, default=8000, help="the bank takes the next one")
    options = parser.parse_args(arguments)
    bank_port = options.port + 1
    refuse_taken_ports(options.port, bank_port)
    _set_up(options.home, site=_address(options.port), bank=_address(bank_port))
    _tell(options.home, site=_address(options.port), bank=_address(bank_port))
    commands = [
        _command("serve", "--host", HOST, "--port", str(options.port)),
        _command("demo_bank", "--port", str(bank_port)),
    ]
    stop = supervising.listen_for_stop()
    sys.exit(supervising.run_together(commands, environ=os.environ, stop=stop))


def refuse_taken_ports(*ports: int) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except (OSError, OverflowError) as error:
                raise BadSetting(
                    f"Port {port} is taken or cannot be used. The demo needs {ports[0]} and the "
                    f"next one, for its bank. Choose another: make demo PORT={ports[0] + 100}"
                ) from error


def _set_up(home: Path, *, site: str, bank: str) -> None:
    newsroom.write_folder(home, languages=LANGUAGES)
    os.environ["TAMIZDAT_HOME"] = str(home.resolve())
    os.environ["TAMIZDAT_SITE_ADDRESS"] = site
    os.environ["TAMIZDAT_DEMO_BANK_ADDRESS"] = bank
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # either way, we tidy up
    logging.disable(logging.INFO)  # a line for each of the thousand things that go well
    try:
        execute_from_command_line(["tamizdat", "migrate", "--verbosity", "0"])
        execute_from_command_line(["tamizdat", "newsroom", "--verbosity", "0"])
        execute_from_command_line(["tamizdat", "demo_newsroom"])
    except KeyboardInterrupt:
        sys.exit("\nStopped. What is made is kept; the next `make demo` goes on from there.")
    finally:
        logging.disable(logging.NOTSET)


def _tell(home: Path, *, site: str, bank: str) -> None:
    password = (home / "secrets" / "desk-password").read_text().strip()
    sys.stdout.write(
        f"\n  The site   {site}/   {site}/ru/   {site}/fa/\n"
        f"  The desk   {site}/desk/   sign in as: desk   password: {password}\n"
        f"  The bank   {bank}/   takes pretend money only\n\n"
        f"  All of it is in {home}/. Ctrl-C stops everything.\n\n"
    )
    sys.stdout.flush()


def _address(port: int) -> str:
    return f"http://localhost:{port}"


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "tamizdat.config.command", *words]
