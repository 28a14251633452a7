"""The newsroom's own settings, wagtail-bakery beside them, plain templates before ours."""

import os
from pathlib import Path

from tamizdat.config.settings import *  # noqa: F403
from tamizdat.config.settings import INSTALLED_APPS, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "bakery", "wagtailbakery"]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}, *TEMPLATES[1:]]
BUILD_DIR = os.environ["BENCH_BUILD_DIR"]
BAKERY_VIEWS = ("wagtailbakery.views.AllPublishedPagesView",)
ALLOWED_HOSTS = ["*"]
