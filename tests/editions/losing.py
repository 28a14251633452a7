"""What a disk may lose, or a restored backup lack."""

import glob
import os
import shutil

from tamizdat.editions import live


def lose(*names):
    """The tree's folder or a file of it, or what stands beside it, whether it is there or not."""
    for name in names:
        shutil.rmtree(name) if os.path.isdir(name) else os.path.exists(name) and os.unlink(name)
    live._live.cache_clear()  # a new process knows nothing


def object_of(path):
    here = live.site()
    return here.objects.file(here.manifest.get(here.root(), path).hash)


def some_objects(site):
    """Of one page the object, of another the file too, and a node of the manifest."""
    here = live.site()
    page = os.fspath(site / "harbour/index.html")
    node = here.objects.file(here.root())
    lose(object_of("harbour/cranes-fall-silent/index.html"), object_of("harbour/index.html"))
    lose(page, node)


LOSSES = {
    "the store": lambda site: lose(f"{site}.objects"),
    "the tree": lose,
    "everything": lambda site: lose(*glob.glob(f"{site}*")),
    "the map": lambda site: lose(f"{site}.redirects.json"),
    "the pointer": lambda site: lose(f"{site}.edition.json"),
}
