from collections.abc import Iterator

import pytest
from django.db import transaction

from tamizdat.config import founding
from tamizdat.editions.targets import Begets, File
from tests.baked import baked, made
from tests.editions.conftest import site  # noqa: F401 the live tree of a test
from tests.theme.site import Paper, make_paper


@pytest.fixture(scope="session")
def printed(django_db_setup, django_db_blocker) -> dict[str, dict[str, bytes]]:
    """Every kind of page of the little paper, by language; the database is as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        founding.found()
        pages = {code: dict(_printed(paper)) for code, paper in make_paper().items()}
        pages[""] = dict(_beside())
        transaction.set_rollback(True)
    return pages


@pytest.fixture
def paper(newsroom) -> Paper:
    """The English part of the little paper, in the database."""
    return make_paper(languages=["en"])["en"]


def _printed(paper: Paper) -> Iterator[tuple[str, bytes]]:
    return ((kind, baked(page)) for kind, page in paper.pages.items())


def _beside() -> Iterator[tuple[str, bytes]]:
    """What is there whatever the newsroom writes, by path."""
    root = made("root")
    children = (one for each in root if isinstance(each, Begets) for one in made(*each.key))
    files = (one for one in [*root, *children] if isinstance(one, File))
    return ((one.path, one.content) for one in files)
