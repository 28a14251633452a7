"""`tamizdat demo`: a newsroom with stories and gifts, from nothing, at one's own machine."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.management import execute_from_command_line

from tamizdat.config import newsroom, processes, supervising
from tamizdat.demo import marker
from tamizdat.lib.env import BadSetting

LANGUAGES = ["en", "ru", "fa"]
ARCHIVE_LANGUAGES = ["en", "ru"]
HOST = "127.0.0.1"
NOBODYS_IBAN = "LV76LANT0000000000000"  # of a bank that there is not: nothing sent to it arrives


def run(arguments: Sequence[str]) -> None:
    """Make what is missing of the demo newsroom, then serve it and its bank until stopped.

    Raises BadSetting if a port is taken or the folder holds something else, before any work.
    """
    parser = argparse.ArgumentParser(prog="tamizdat demo", description=str(__doc__))
    parser.add_argument("--home", type=Path, default=Path("var"), metavar="FOLDER")
    parser.add_argument("--port", type=int, default=8000, help="the bank takes the next one")
    parser.add_argument(
        "--stories", type=int, metavar="N", help="generate N stories instead, then stop"
    )
    options = parser.parse_args(arguments)
    if options.stories:
        fill(options.home, stories=options.stories)
        return
    bank_port = options.port + 1
    refuse_taken_ports(options.port, bank_port)
    site, bank = _address(options.port), _address(bank_port)
    os.environ["TAMIZDAT_HOME"] = str(options.home.resolve())
    os.environ["TAMIZDAT_SITE_ADDRESS"] = site
    os.environ["TAMIZDAT_DEMO_BANK_ADDRESS"] = bank
    os.environ.setdefault("TAMIZDAT_MAIL_NEUTRAL_SENDER", "notes@pages.example")
    os.environ["TAMIZDAT_TRANSFER_HOLDER"] = "The Lantern"
    os.environ["TAMIZDAT_TRANSFER_IBAN_EUR"] = NOBODYS_IBAN
    newsroom.write_folder(options.home, languages=LANGUAGES)
    if not marker.is_finished(options.home, address=site):
        _set_up("demo_newsroom")
    commands = [
        processes.server(HOST, options.port),
        processes.tamizdat("work"),
        processes.tamizdat("demo_bank", "--port", str(bank_port)),
    ]
    stop = supervising.listen_for_stop()
    sys.exit(
        supervising.run_together(
            commands,
            environ=os.environ,
            stop=stop,
            address=(HOST, options.port),
            greeting=_greeting(options.home, site=site, bank=bank),
        )
    )


def fill(home: Path, *, stories: int) -> None:
    """A newsroom with so many generated stories, neither baked nor served."""
    os.environ["TAMIZDAT_HOME"] = str(home.resolve())
    newsroom.write_folder(home, languages=ARCHIVE_LANGUAGES)
    _set_up("demo_archive", "--stories", str(stories))


def refuse_taken_ports(*ports: int) -> None:
    for port in ports:
        try:
            processes.listen_once(HOST, port)
        except (OSError, OverflowError) as error:
            raise BadSetting(
                f"Port {port} is taken or cannot be used. The demo needs {ports[0]} and the "
                f"next one, for its bank. Choose another: make demo PORT={_another(ports[0])}"
            ) from error


def _another(port: int) -> int:
    return port + 100 if 0 < port < 65_000 else 8100


def _set_up(*command: str) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # either way, we tidy up
    logging.disable(logging.INFO)  # a line for each of the thousand things that go well
    try:
        execute_from_command_line(["tamizdat", "migrate", "--verbosity", "0"])
        execute_from_command_line(["tamizdat", "newsroom", "--verbosity", "0"])
        execute_from_command_line(["tamizdat", *command])
    except KeyboardInterrupt:
        sys.exit("\nStopped. What is made is kept; the same command goes on from there.")
    finally:
        logging.disable(logging.NOTSET)


def _greeting(home: Path, *, site: str, bank: str) -> str:
    password = (home / "secrets" / "desk-password").read_text().strip()
    return (
        f"\n  The site   {site}/   {site}/ru/   {site}/fa/\n"
        f"  The desk   {site}/desk/   sign in as: desk   password: {password}\n"
        f"  The bank   {bank}/   takes pretend money only\n\n"
        f"  All of it is in {home}/. Ctrl-C stops everything.\n\n"
    )


def _address(port: int) -> str:
    return f"http://localhost:{port}"
