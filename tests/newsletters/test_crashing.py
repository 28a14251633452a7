"""A small version of `make bench-mail`, which does the same with 20,000 addresses."""

import os

from tests.newsletters import crashing, mail_server
from tests.towns import Town, postgres_database


def test_whoever_is_killed_nobody_is_mailed_twice_and_hardly_anybody_is_left_out(
    tmp_path, django_db_setup
):
    url = os.environ.get("TAMIZDAT_DATABASE_URL", "")
    if not url:
        assert_kept(Town(tmp_path / "paper", webs=0, works=2))
        return
    with postgres_database(url, "mailed") as database:
        assert_kept(Town(tmp_path / "paper", database_url=database, webs=0, works=2))


def assert_kept(town):
    try:
        with mail_server.running() as server:
            outcome = crashing.run(town, server, addresses=300, a_kill_each=50)
    finally:
        town.close()
    assert outcome.is_kept, outcome
    assert outcome.kills > 2
