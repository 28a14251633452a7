"""New pages in the tree, many at a time, as `add_child` would put them there one by one."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model
from django.utils.text import slugify
from wagtail.models import Page

from tamizdat.outlet.addresses import RESERVED_SLUGS, languages
from tamizdat.stories.importing import rows
from tamizdat.stories.models import Front

SLUG_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Wish:
    """A page that is to be, under the page `under`, at the first of `slugs` that is free."""

    source_id: str
    under: int
    title: str
    slugs: Sequence[str]


@dataclass(slots=True)
class Growth:
    """Puts pages that are not live, and hold nothing, under those that are there."""

    front: Front
    # Where slugs collided, the number to try next: a thousand untitled posts ask a thousand times.
    _next_number: defaultdict[tuple[int, str], int] = field(
        default_factory=lambda: defaultdict(lambda: 2)
    )

    def grow(self, model: type[Page], wishes: Sequence[Wish]) -> list[int]:
        """Insert a page for each wish; say which is where. Call it in a transaction."""
        # In this order, so that two imports at once wait for each other instead of for ever.
        over = Page.objects.select_for_update().order_by("pk")
        parents = over.in_bulk({wish.under for wish in wishes})
        slugs = self._slugs(wishes, parents)
        steps = {pk: _last_step(parent) for pk, parent in parents.items()}
        content_type = ContentType.objects.get_for_model(model)
        pages = []
        for wish, slug in zip(wishes, slugs, strict=True):
            parent = parents[wish.under]
            steps[wish.under] += 1
            pages.append(
                Page(
                    title=wish.title,
                    draft_title=wish.title,
                    slug=slug,
                    path=Page._get_path(parent.path, parent.depth + 1, steps[wish.under]),
                    depth=parent.depth + 1,
                    url_path=f"{parent.url_path}{slug}/",
                    live=False,
                    locale_id=self.front.locale_id,
                    content_type=content_type,
                    show_in_menus=model.show_in_menus_default,
                )
            )
        names, new_rows = _columns(Page, pages)
        rows.insert(Page, names, new_rows)
        paths = [page.path for page in pages]
        pks = dict(Page.objects.filter(path__in=paths).values_list("path", "pk"))
        names, defaults = _own_columns(model)
        rows.insert(model, names, [(pks[path], *defaults) for path in paths])
        for pk, count in Counter(wish.under for wish in wishes).items():
            Page.objects.filter(pk=pk).update(numchild=F("numchild") + count)
        return [pks[path] for path in paths]

    def _slugs(self, wishes: Sequence[Wish], parents: dict[int, Page]) -> list[str]:
        hopes = [_slug(wish.slugs) for wish in wishes]
        there = Page.objects.filter(slug__in=set(hopes)).values_list("path", "slug")
        taken = {(path[: -Page.steplen], slug) for path, slug in there}
        slugs = []
        for wish, hope in zip(wishes, hopes, strict=True):
            parent = parents[wish.under]
            slug = hope
            while (parent.path, slug) in taken or self._is_ours(slug, parent):
                slug = self._numbered(hope, parent)
            taken.add((parent.path, slug))
            slugs.append(slug)
        return slugs

    def _numbered(self, hope: str, parent: Page) -> str:
        """The slug with the next number that no page under this parent has."""
        while True:
            number = self._next_number[parent.pk, hope]
            self._next_number[parent.pk, hope] += 1
            slug = f"{hope}-{number}"
            if not Page.objects.child_of(parent).filter(slug=slug).exists():
                return slug

    def _is_ours(self, slug: str, parent: Page) -> bool:
        if slug in RESERVED_SLUGS:
            return True
        return parent.pk == self.front.pk and slug.lower() in languages()


def _slug(wishes: Sequence[str]) -> str:
    candidates = (slugify(unquote(wish), allow_unicode=True) for wish in wishes)
    return next(filter(None, candidates))[:SLUG_LENGTH].strip("-_")


def _last_step(parent: Page) -> int:
    """The number of the parent's last child in the tree; 0 if there is none."""
    below = Page.objects.filter(path__range=Page._get_children_path_interval(parent.path))
    children = below.filter(depth=parent.depth + 1).order_by("-path")
    last = children.values_list("path", flat=True).first()
    return Page._str2int(last[-Page.steplen :]) if last else 0


def _columns(model: type[Model], objects: Sequence[Model]) -> tuple[list[str], list[list[Any]]]:
    """All columns but the key, which the database gives."""
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    values = [[getattr(each, field.attname) for field in fields] for each in objects]
    return [field.attname for field in fields], values


def _own_columns(model: type[Page]) -> tuple[list[str], list[Any]]:
    """The columns of the model's own table and what a new row has there, but for its key."""
    key, *others = sorted(model._meta.local_concrete_fields, key=lambda f: not f.primary_key)
    return [key.attname, *(f.attname for f in others)], [f.get_default() for f in others]
