import subprocess
from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings
from wagtail.models import Site

from tests import tables
from tests.config.webservers import tamizdat
from tests.flushing import the_books_can_be_flushed  # noqa: F401

# A busy machine makes no example wrong, however long it takes.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_language_is_left_behind():
    """Django leaves that of a request active in its thread: the next test would speak it."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def as_migrated():
    """What `migrate` puts into the tables; here once the database is set up."""
    return {}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, as_migrated):
    with django_db_blocker.unblock():
        as_migrated.update(tables.read())


@pytest.fixture
def migrated(transactional_db, as_migrated):
    """The database as `migrate` leaves it, whichever test emptied it before.

    Django's serialized_rollback fails on content types, which an emptied database is given again.
    """
    how = {"reset_sequences": False, "inhibit_post_migrate": True}
    call_command("flush", interactive=False, verbosity=0, **how)
    tables.write(as_migrated)
    ContentType.objects.clear_cache()


@pytest.fixture(scope="session")
def as_founded():
    """What founding puts into the tables; here once the first test has founded a newsroom."""
    return {}


@pytest.fixture
def newsroom(db, as_migrated, as_founded):
    """A founded newsroom: fronts and mastheads in English, Russian and Persian, the roles.

    Founded once, and then written down again: that takes a tenth of the time.
    """
    if not as_founded:
        from tamizdat.config import founding

        founding.found()
        as_founded.update(tables.changed(since=as_migrated))
    else:
        tables.write(as_founded)
        Site.clear_site_root_paths_cache()


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """A newsroom as `tamizdat init` leaves it, in three languages: to be copied, not changed."""
    home = tmp_path_factory.mktemp("founded") / "paper"
    words = ["init", str(home), "--languages", "en", "ru", "fa"]
    command, environ = tamizdat(home, *words, port=8000)
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return home


def pytest_configure(config):
    # Wagtail leaves the temporary file of every rendition to the garbage collector.
    for kind in ("Unclosed file <tempfile.Spooled", "unclosed file <_io.BufferedRandom"):
        config.addinivalue_line("filterwarnings", f"ignore:{kind}:ResourceWarning")


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what asks the database anything: the rest was run on SQLite."""
    if connection.vendor == "postgresql":
        others = [item for item in items if not asks_the_database(item)]
        items[:] = [item for item in items if asks_the_database(item)]
        config.hook.pytest_deselected(items=others)


def asks_the_database(item):
    return (
        item.get_closest_marker("django_db") is not None
        or "django_db_setup" in getattr(item, "fixturenames", ())
        or issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    )
