"""Not indexing each page as it is saved, but all of them once at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Model
from django.db.models.signals import post_save
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.models import ReferenceIndex
from wagtail.search.backends import get_search_backend
from wagtail.signal_handlers import disable_reference_index_auto_update

BATCH = 200


@contextmanager
def no_indexing() -> Iterator[None]:
    """Saving indexes nothing, neither for search nor for what refers to what."""
    models = [
        model
        for model in get_indexed_models()
        if post_save.disconnect(post_save_signal_handler, sender=model)
    ]
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        for model in models:
            post_save.connect(post_save_signal_handler, sender=model)


def index(model: type[Model], pks: list[int]) -> None:
    """Index these rows, as saving each of them would have done."""
    search = get_search_backend()
    for start in range(0, len(pks), BATCH):
        rows = list(model._default_manager.filter(pk__in=pks[start : start + BATCH]))
        search.add_bulk(model, rows)
        for row in rows if hasattr(model, "body") else ():  # no other refers to anything
            ReferenceIndex.create_or_update_for_object(row)
