"""Which files a page takes into the tree."""

from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from tamizdat.stories import developing
from tamizdat.stories.developing import Derived
from tamizdat.stories.models import PictureRow
from tamizdat.theme.enclosures import enclosed_in
from tests.editions.conftest import add_picture


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


def found_in(text):
    """The paths in the tree of all that comes along with a page that says this."""
    return {each.path for each in enclosed_in(text.encode()) if each.find()}


@pytest.fixture
def derived(site, db):
    """The name of a picture as a page shows it; it was developed before."""
    row = PictureRow.of(add_picture())
    name = Derived.of(row, width=480, crop="c", format="jpg").name
    developing.develop(name)
    return name


def test_a_picture_comes_along_in_the_sizes_that_the_page_names(derived):
    assert found_in(f'<img src="/media/{derived}" alt="">') == {f"media/{derived}"}


BEGINNINGS = ["/media/", "/media//", "//media/", "/media/q/../", "/media/%71/../"]
SPELLINGS = [str, quote, lambda name: name.replace("/", "%2f")]


def test_no_words_of_a_page_make_an_upload_public(collection):
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    file = ContentFile(b"Who told us", name="a source.txt")
    document = Document.objects.create(title="Source", file=file, collection=collection)
    names = [start + spell(document.file.name) for start in BEGINNINGS for spell in SPELLINGS]
    texts = [f"<p>See {name} here, or <a href='{name}'>there</a></p>" for name in names]

    assert [text for text in texts if found_in(text)] == []


def test_an_original_and_a_card_do_not_come_along_by_their_names(derived, settings):
    card = settings.MEDIA_ROOT / "k/0123456789abcdef.jpg"
    card.parent.mkdir()
    card.write_bytes(b"of a story that is private now")
    originals = [each for each in settings.MEDIA_ROOT.rglob("*.*") if "q" not in each.parts]
    names = [each.relative_to(settings.MEDIA_ROOT) for each in originals]

    assert len(names) == 2
    assert found_in(" ".join(f"/media/{name} /media/{derived}/../../{name}" for name in names)) == {
        f"media/{derived}"
    }


def test_what_is_only_linked_into_our_pictures_stays_out(derived, settings):
    secret = settings.MEDIA_ROOT / "secret.txt"
    secret.write_text("Who told us")
    file = settings.MEDIA_ROOT / derived
    file.unlink()
    file.symlink_to(secret)

    assert found_in(f"/media/{derived}") == set()


def test_a_document_comes_along_under_its_own_name_alone(collection):
    file = ContentFile(b"<script>", name="приливы 1.txt")
    document = Document.objects.create(title="Tides", file=file, collection=collection)
    url = document.url

    assert found_in(f'<a href="{url}">') == {f"documents/{document.pk}/{document.filename}"}
    start = url.rpartition("/")[0]
    others = ["page.html", "%2e%2e%2f%2e%2e%2findex.html", "..", f"..%2f{document.filename}"]
    assert found_in(" ".join(f"{start}/{name}" for name in others)) == set()
