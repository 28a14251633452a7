"""Addresses that moved, one target each."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.models import Redirect

from tamizdat.editions.redirecting import path_in_edition
from tamizdat.editions.targets import OLD_REDIRECT, REDIRECT, Born, Moved, Product, target
from tamizdat.editions.tracing import fact_about
from tamizdat.outlet.addresses import is_reserved
from tamizdat.theme.facts.places import place


@dataclass(frozen=True, slots=True)
class Move:
    old_path: str  # with its query, as Wagtail keeps it
    page: int | None
    link: str
    is_permanent: bool
    is_of_our_site: bool  # what the desk made for it goes before what is for every site


def _load(pks: Collection[int]) -> Mapping[int, Any]:
    found = Redirect.objects.filter(pk__in=pks).values_list(
        "pk", "old_path", "redirect_page_id", "redirect_link", "is_permanent", "site_id"
    )
    return {
        pk: Move(old_path, page, link, is_permanent, site is not None)
        for pk, old_path, page, link, is_permanent, site in found
    }


@fact_about("redirect", load=_load)
def move(row: Move | None) -> Move | None:
    return row


def _everyone() -> Iterable[int]:
    return Redirect.objects.order_by("pk").values_list("pk", flat=True).iterator()


def _leads_to_itself(old_path: str, address: str) -> bool:
    """Whether whoever is sent to `address` would be sent there again, and again."""
    to = address.removeprefix(settings.SITE_ADDRESS)
    if not to.startswith("/") or to.startswith("//"):
        return False
    new_path = Redirect.normalise_path(to)
    # What leads away from an address does so whatever query is asked for.
    new_paths = {path_in_edition(new_path), path_in_edition(new_path.partition("?")[0])}
    return path_in_edition(old_path) in new_paths


@target(
    born=Born("redirect", _everyone, is_there=lambda pk: move(pk) is not None, prime=move.prime)
)
def redirect(pk: int) -> Iterator[Product]:
    """A redirect to an address of today.

    None leads away from the software's own addresses: it would be answered before giving, desk and
    the signature of the edition. None leads to itself.
    """
    moved = move(pk)
    if moved is None or is_reserved(moved.old_path):
        return
    there = place(moved.page) if moved.page else None
    address = there.url if there else "" if moved.page else moved.link
    if address and not _leads_to_itself(moved.old_path, address):
        status = HTTPStatus.MOVED_PERMANENTLY if moved.is_permanent else HTTPStatus.FOUND
        rank = REDIRECT if moved.is_of_our_site else OLD_REDIRECT
        yield Moved(moved.old_path, iri_to_uri(address), status, rank)
