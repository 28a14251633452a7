"""Processes that start together and end together."""

import contextlib
import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

GRACE = timedelta(seconds=10)
LOOK_EVERY = timedelta(seconds=0.2)
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1


class Stop:
    """Like threading.Event, but a signal handler may set it.

    An Event holds a lock while it begins to wait; a handler that runs there in the same thread
    and sets it waits for that lock for ever.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)

    def set(self) -> None:
        with contextlib.suppress(BlockingIOError):  # full of earlier wishes to stop
            os.write(self._write, b".")

    def wait(self, seconds: float) -> bool:
        return bool(select.select([self._read], [], [], seconds)[0])

    def is_set(self) -> bool:
        return self.wait(0)


def listen_for_stop() -> Stop:
    """What Ctrl-C, SIGTERM or the end of the terminal sets."""
    stop = Stop()
    for number in STOPS:
        signal.signal(number, lambda *_: stop.set())
    return stop


def run_together(
    commands: Sequence[Sequence[str]],
    *,
    environ: Mapping[str, str],
    stop: Stop,
    address: tuple[str, int],
    greeting: str,
) -> int:
    """Run until `stop`, or until one of them ends by itself; then stop them all, for certain.

    Says `greeting` once someone listens at `address`. 0 when it was asked to stop, 1 when one of
    them ended by itself.
    """
    started: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            started.append(_start(command, environ))
        while not stop.wait(LOOK_EVERY.total_seconds()):
            if greeting and _listens(address):
                sys.stdout.write(greeting)
                sys.stdout.flush()
                greeting = ""
            for process in started:
                if process.poll() is not None:
                    sys.stderr.write(f"{_name(process)} ended by itself.\n")
                    return 1
        return 0
    finally:
        _end(started)


def _listens(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True


def _start(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches only us, and its children end with it.
    return subprocess.Popen(  # noqa: S603
        command, env=dict(environ), start_new_session=True, preexec_fn=_die_with_parent
    )


def _die_with_parent() -> None:
    """Linux tells the child when we are killed and cannot."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        _signal(process, signal.SIGTERM)
    patience = time.monotonic() + GRACE.total_seconds()
    for process in processes:
        try:
            process.wait(max(0.0, patience - time.monotonic()))
        except subprocess.TimeoutExpired:
            sys.stderr.write(f"{_name(process)} did not stop and was killed.\n")
        # The leader may be gone and a child of it still there.
        _signal(process, signal.SIGKILL)
        process.wait()


def _name(process: subprocess.Popen[bytes]) -> str:
    """`tamizdat.config.command work`: what it runs, without the interpreter and its -m."""
    return " ".join(map(str, process.args[2:])) if isinstance(process.args, list) else "it"


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
