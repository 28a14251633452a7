import gzip
from datetime import timedelta

import brotli
import pytest
from django.core.cache import cache
from wagtail.models import Locale

from tamizdat.editions import live
from tamizdat.editions.manifest import Entry
from tamizdat.editions.objects import Objects
from tamizdat.editions.tree import OURS
from tests.conftest import NOON


@pytest.fixture
def site(settings, tmp_path):
    """The live tree and the uploads of this test."""
    cache.clear()  # a rendition of another test may have the same number, and its file is gone
    settings.SITE_ROOT = tmp_path / "site"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.RELEASE_KEY_FILE = tmp_path / "secrets/release.key"
    return settings.SITE_ROOT


@pytest.fixture
def copy(site):
    """A site of five files, a redirect and a page that is gone."""
    pages = {"index.html": b"front", "a/index.html": b"page", "404.html": b"not here",
             "media/x.webp": b"pixels", "ru/порт/index.html": "порт".encode()}  # fmt: skip
    entries = {path: live.store(path, content) for path, content in pages.items()}
    entries["old/index.html"] = Entry.redirect(301, "/a/")
    entries["away/index.html"] = Entry.gone()
    entries["/?p=1"] = Entry.redirect(302, "/a/")
    live.go_live(entries, why="test", now=NOON)
    return site


@pytest.fixture
def section(newsroom):
    return add_section()


def add_section(title="Harbour", language="en"):
    from tamizdat.stories.models import Front, Section

    front = Front.objects.get(locale__language_code=language)
    return front.add_child(instance=Section(title=title, locale=front.locale))


def add_story(section, title="Cranes fall silent", **fields):
    from tamizdat.stories.models import Story

    body = [("paragraph", f"<p>{title}, and why.</p>")]
    story = section.add_child(
        instance=Story(title=title, locale=section.locale, body=body, live=False, **fields)
    )
    story.save_revision().publish()
    return Story.objects.get(pk=story.pk)


def add_picture(title="Quay", colour="teal"):
    from wagtail.images.tests.utils import get_test_image_file

    from tamizdat.stories.models import Picture

    return Picture.objects.create(
        title=title, file=get_test_image_file(f"{title}.png", size=(60, 40))
    )


def english():
    return Locale.objects.get(language_code="en")


def later(days=0, **span):
    return NOON + timedelta(days=days, **span)


def put(tree, path, content):
    """Make `path` of the tree hold `content`, as an edition would."""
    objects = Objects(tree.beside("objects"))
    compress = path.endswith((".html", ".js"))
    tree.place(path, objects.file(objects.put(content, compress=compress, best=True)))


def files_in(root):
    """Every file of a tree with its bytes, but those that differ from edition to edition.

    What stands compressed beside a file is opened: how well it is compressed is nobody's business.
    """
    files = {p.relative_to(root).as_posix(): p for p in root.rglob("*") if p.is_file()}
    opened = {".br": brotli.decompress, ".gz": gzip.decompress}
    return {
        path: opened.get(p.suffix, bytes)(p.read_bytes())
        for path, p in files.items()
        if not path.startswith(OURS)
    }
