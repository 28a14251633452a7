from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction, Locale, Page, PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)
from wagtail.snippets.models import get_snippet_models

from tamizdat.editions import baking, neighbours
from tamizdat.editions.models import BakeRequest
from tamizdat.editions.rendering import path_of
from tamizdat.outlet.models import Masthead

# A change of one of these may show on any page.
EVERYWHERE = (
    Masthead,
    Redirect,
    Site,
    Locale,
    PageViewRestriction,
    CollectionViewRestriction,
    get_image_model(),
    get_document_model(),
)


@receiver([page_published, page_slug_changed])
def bake_with_neighbours(*, instance: Page, **_: object) -> None:
    _ask(neighbours.of(instance), why=f"{instance} was published")


@receiver(post_page_move)
def bake_both_places(*, instance: Page, parent_page_before: Page, **_: object) -> None:
    pks = [*neighbours.of(instance), *neighbours.of(parent_page_before)]
    _ask(pks, why=f"{instance} was moved")


@receiver(page_unpublished)
def take_away(*, instance: Page, **_: object) -> None:
    _ask(neighbours.of(instance), gone=[instance], why=f"{instance} was unpublished")


@receiver(post_save, sender=PageViewRestriction)
def take_away_what_became_private(*, instance: PageViewRestriction, **_: object) -> None:
    hidden = instance.page.get_descendants(inclusive=True).live()
    _ask(neighbours.of(instance.page), gone=hidden, why=f"{instance.page} is private")


@receiver([post_save, post_delete])
def bake_everything_after(*, sender: type[models.Model], **_: object) -> None:
    if sender in EVERYWHERE or sender in get_snippet_models():
        baking.request(why=f"a {sender._meta.verbose_name} changed")


def _ask(pks: list[int], *, why: str, gone: Any = ()) -> None:
    paths = [path for page in gone if (path := path_of(page))]
    rows = [BakeRequest(why=why[:200], is_urgent=True, gone_path=path) for path in paths]
    rows += [
        BakeRequest(why=why[:200], is_urgent=place < baking.AN_EDITOR_WAITS_FOR, page_pk=pk)
        for place, pk in enumerate(pks)
    ]
    BakeRequest.objects.bulk_create(rows)
    # An editor's page is saved whatever becomes of the baking; the worker tries again.
    transaction.on_commit(baking.answer, robust=True)
