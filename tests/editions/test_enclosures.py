"""Which files a page takes into the tree."""

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from tamizdat.theme.enclosures import enclosed_in


@pytest.fixture
def collection(site, db):
    return Collection.get_first_root_node().add_child(name="Sources")


def enclosed(collection):
    file = ContentFile(b"%PDF", name="tides.pdf")
    document = Document.objects.create(title="Tides", file=file, collection=collection)
    content = f'<a href="{document.url}">Tides</a>'.encode()
    return [each.path for each in enclosed_in(content)] == [document.url[1:]]


def test_a_document_comes_along(collection):
    assert enclosed(collection)


@pytest.mark.parametrize("kind", ["login", "groups", "password"])
def test_a_document_that_is_not_for_everyone_stays_out(collection, kind):
    CollectionViewRestriction.objects.create(collection=collection, restriction_type=kind)
    assert not enclosed(collection)
    assert not enclosed(collection.add_child(name="Below"))
