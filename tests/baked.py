"""What a page is for a reader, and whole trees of them."""

from django.conf import settings

from tamizdat.editions import baking, live
from tamizdat.editions.targets import File, products_of
from tamizdat.editions.tracing import Memory, guarded, tracing
from tests.conftest import NOON


def baked(page) -> bytes:
    """The bytes at the address of `page`."""
    with guarded(), tracing(Memory()):
        return next(one.content for one in products_of(("page", page.pk)) if isinstance(one, File))


def bake_afresh(folder) -> None:
    """Make the whole site anew in another folder; the database's own tree stays as it is."""
    mine = settings.SITE_ROOT
    settings.SITE_ROOT = folder
    try:
        baking.bake(now=NOON, workers=1)
    finally:
        settings.SITE_ROOT = mine
        live.site()
