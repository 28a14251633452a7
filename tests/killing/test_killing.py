"""A small version of `make kill`, which does the same with 5,000 payments."""

import os

from tests.killing import killing
from tests.towns import Town, postgres_database

PAYMENTS = 150


def test_whoever_is_killed_no_payment_is_lost_or_taken_twice(tmp_path, django_db_setup):
    """On SQLite a web server and a worker, as it is deployed; on PostgreSQL two of each."""
    url = os.environ.get("TAMIZDAT_DATABASE_URL", "")
    if not url:
        assert_whole(Town(tmp_path / "paper"))
        return
    with postgres_database(url, "killed") as database:
        assert_whole(Town(tmp_path / "paper", database_url=database, webs=2, works=2))


def assert_whole(town):
    try:
        outcome = killing.run(town, payments=PAYMENTS, a_kill_each=25, seed=1)
    finally:
        town.close()
    assert outcome.is_whole, outcome
    assert outcome.kills
