from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import translation

from tests.flushing import the_books_can_be_flushed  # noqa: F401

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
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            as_migrated[table] = columns, cursor.fetchall()
    del as_migrated["editions_change"]  # triggers tell again when the rows come back


@pytest.fixture
def migrated(transactional_db, as_migrated):
    """The database as `migrate` leaves it, whichever test emptied it before.

    Django's serialized_rollback fails on content types, which an emptied database is given again.
    """
    how = {"reset_sequences": False, "inhibit_post_migrate": True}
    call_command("flush", interactive=False, verbosity=0, **how)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in as_migrated.items():
            names = ", ".join(f'"{each}"' for each in columns)
            marks = ", ".join(["%s"] * len(columns))
            if rows:
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
    ContentType.objects.clear_cache()


@pytest.fixture
def newsroom(db):
    """A founded newsroom: fronts and mastheads in English, Russian and Persian, the roles."""
    from tamizdat.config import founding

    founding.found()


def pytest_configure(config):
    # Wagtail leaves the temporary file of every rendition to the garbage collector.
    for kind in ("Unclosed file <tempfile.Spooled", "unclosed file <_io.BufferedRandom"):
        config.addinivalue_line("filterwarnings", f"ignore:{kind}:ResourceWarning")
