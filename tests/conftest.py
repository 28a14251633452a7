from datetime import UTC, datetime

import pytest

from tests.flushing import the_books_can_be_flushed  # noqa: F401

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def newsroom(db):
    """A founded newsroom: fronts and mastheads in English, Russian and Persian, the roles."""
    from tamizdat.config import founding

    founding.found()


def pytest_configure(config):
    # Wagtail leaves the temporary file of every rendition to the garbage collector.
    for kind in ("Unclosed file <tempfile.Spooled", "unclosed file <_io.BufferedRandom"):
        config.addinivalue_line("filterwarnings", f"ignore:{kind}:ResourceWarning")
