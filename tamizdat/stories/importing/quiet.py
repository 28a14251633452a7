"""Indexing pages and pictures many at a time, as saving each of them would have done."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from modelcluster.models import get_all_child_relations
from wagtail.models import ReferenceIndex
from wagtail.search.backends import get_search_backend

from tamizdat.stories.importing import rows

BATCH = 200


def index(model: type[Model], pks: Sequence[int]) -> None:
    """Let the desk find these rows, and what they refer to."""
    refers = hasattr(model, "body")  # no other refers to anything
    children = [r.get_accessor_name() for r in get_all_child_relations(model)] if refers else []
    search = get_search_backend()
    for start in range(0, len(pks), BATCH):
        found = model._default_manager.filter(pk__in=pks[start : start + BATCH])
        here = list(found.prefetch_related(*children))
        search.add_bulk(model, here)
        if refers:
            _note_references(model, here)


def _note_references(model: type[Model], here: Sequence[Model]) -> None:
    base = ReferenceIndex._get_base_content_type(model).pk
    known = ReferenceIndex.objects.filter(base_content_type=base)
    known.filter(object_id__in=[str(row.pk) for row in here]).delete()
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False).pk
    found = [
        (
            content_type,
            base,
            str(row.pk),
            *reference,
            ReferenceIndex._get_content_path_hash(reference[3]),
        )
        for row in here
        for reference in set(ReferenceIndex._extract_references_from_object(row))
    ]
    names = ["content_type_id", "base_content_type_id", "object_id", "to_content_type_id"]
    names += ["to_object_id", "model_path", "content_path", "content_path_hash"]
    rows.insert(ReferenceIndex, names, found)
