"""Emptying a test's database: the books refuse it, so their guards step aside for a moment.

`migrate`, which Django runs after each flush, puts them back.
"""

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from tamizdat.ledger import triggers

_flush = BaseDatabaseOperations.execute_sql_flush


def _flush_the_books_too(self, sql_list):
    triggers.remove(self.connection)
    _flush(self, sql_list)
    triggers.install(self.connection)


@pytest.fixture(autouse=True, scope="session")
def the_books_can_be_flushed():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", _flush_the_books_too)
        yield
