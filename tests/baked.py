"""What a reader gets of a page, without any tree."""

from tamizdat.editions.targets import File, Product, products_of
from tamizdat.editions.tracing import Memory, guarded, tracing


def baked(page) -> bytes:
    """The bytes at the address of `page`."""
    return next(one.content for one in made("page", page.pk) if isinstance(one, File))


def made(*key) -> list[Product]:
    """All that a target makes."""
    with guarded(), tracing(Memory()):
        return list(products_of(key))
