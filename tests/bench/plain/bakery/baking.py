"""Bakes everything with wagtail-bakery, then one story again; prints the milliseconds as JSON."""

import json
import logging
import statistics
import sys
import time
import warnings
from pathlib import Path

import django
from django.conf import settings

warnings.simplefilter("ignore")  # it was last released for an older Django


def main(runs: int) -> None:
    django.setup()
    logging.disable(logging.INFO)
    from wagtailbakery.views import AllPublishedPagesView

    from tamizdat.stories.models import Story

    view = AllPublishedPagesView()
    start = time.perf_counter()
    view.build_queryset()
    full = time.perf_counter() - start
    story, spans = Story.objects.live().order_by("pk").first(), []
    for _ in range(runs + 1):
        start = time.perf_counter()
        view.build_object(story)
        spans.append(1000 * (time.perf_counter() - start))
    pages = sum(1 for _ in Path(settings.BUILD_DIR).rglob("index.html"))
    found = {"pages": pages, "full_s": full, "full_pages_per_s": pages / full}
    found |= {"ms_a_page": 1000 * full / pages, "one_edit_ms": statistics.median(spans[1:])}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
