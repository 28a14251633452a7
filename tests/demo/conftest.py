import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tamizdat.demo import making
from tests.conftest import NOON


def quietly(steps, *_, **__):
    return steps


@pytest.fixture
def demo(migrated, tmp_path):
    """The whole demo newsroom, made as `tamizdat demo` makes it, in a folder of its own."""
    from django.test.utils import override_settings

    from tamizdat.config import founding

    keys = shutil.copytree(settings.HOME / "secrets", tmp_path / "secrets")
    assert Path(keys).is_dir()
    with override_settings(
        HOME=tmp_path, MEDIA_ROOT=tmp_path / "media", SITE_ROOT=tmp_path / "site"
    ):
        founding.found()
        making.make(progress=quietly, now=NOON)
        yield tmp_path
