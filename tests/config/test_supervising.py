import os
import signal
import sys

from tamizdat.config.supervising import Stop, run_together
from tests.ports import free_port


def test_a_stop_is_seen_by_whoever_waits_and_stays():
    stop = Stop()

    assert not stop.is_set()
    stop.set()
    assert stop.wait(60)
    assert stop.is_set()


def test_a_signal_that_comes_again_and_again_while_we_wait_never_blocks_us():
    stop = Stop()
    signal.signal(signal.SIGALRM, lambda *_: stop.set())
    signal.setitimer(signal.ITIMER_REAL, 1e-3, 1e-3)
    try:
        waited = sum(stop.wait(60) for _ in range(50_000))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)  # one may still be on its way

    assert waited == 50_000


def test_the_one_that_ends_by_itself_is_named(capsys):
    ended = run_together(
        [[sys.executable, "-m", "this", "poem"]],
        environ=os.environ,
        stop=Stop(),
        address=("127.0.0.1", free_port()),
        greeting="",
    )

    assert ended == 1
    assert "this poem ended by itself" in capsys.readouterr().err
