"""Addresses that moved or are gone: a stub page for any static server, a map for ours to answer."""

import json
from http import HTTPStatus
from typing import TypeGuard
from urllib.parse import quote

from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from tamizdat.editions.manifest import Change, Entry
from tamizdat.editions.rendering import path_of_address
from tamizdat.editions.tree import Tree
from tamizdat.outlet.addresses import is_reserved

MAP = "redirects.json"
Moves = dict[str, tuple[int, str]]  # old path with its query, as Wagtail keeps it → status, address


def moves() -> Moves:
    """Every redirect to an address of today; what the desk made for our site goes first.

    None leads away from the software's own addresses: it would be answered before giving and desk.
    """
    site = Site.objects.get(is_default_site=True)
    rows = Redirect.get_for_site(site).order_by("site_id").select_related("redirect_page")
    found: Moves = {}
    for row in sorted(rows, key=lambda row: row.site_id is not None):
        is_wanted = row.redirect_page is None or row.redirect_page.live
        if is_wanted and row.link and not is_reserved(row.old_path):
            status = HTTPStatus.MOVED_PERMANENTLY if row.is_permanent else HTTPStatus.FOUND
            found[row.old_path] = (status, iri_to_uri(row.link))
    return found


def path_in_edition(old_path: str) -> str:
    """Where an edition speaks of `old_path`: its stub, else the address itself.

    An address with a query is no file, nor is one that no file system can hold: our server alone
    answers it.
    """
    path = path_of_address(quote(old_path))
    is_file = not {"?", ";"} & set(old_path) and Tree.can_hold(path)
    return path if is_file else old_path


def address_of(path: str) -> str:
    """`2019/cranes/index.html` → `/2019/cranes`; what begins with a slash is an address."""
    if path.startswith("/"):
        return path
    return "/" + path.removesuffix("index.html").rstrip("/")


def stub(address: str) -> bytes:
    page = format_html(
        '<!doctype html><meta charset="utf-8"><title>{0}</title><link rel="canonical" href="{0}">'
        '<link rel="icon" href="/favicon.svg">'
        '<meta http-equiv="refresh" content="0;url={0}"><p><a href="{0}">{0}</a></p>\n',
        address,
    )
    return str(page).encode()


def update_map(tree: Tree, changes: list[Change]) -> None:
    """Bring the map beside the tree from one edition to the next. Safe to repeat."""
    file = tree.beside(MAP)
    known: dict[str, list[int | str]] = json.loads(file.read_bytes()) if file.exists() else {}
    answers = dict(known)
    for change in changes:
        if _is_answered(change.after):
            answers[address_of(change.path)] = [change.after.status, change.after.location]
        elif _is_answered(change.before):
            answers.pop(address_of(change.path), None)
    if answers != known or not file.exists():
        text = json.dumps(answers, ensure_ascii=False, indent=0, sort_keys=True)
        tree.put_beside(MAP, text.encode())


def _is_answered(entry: Entry | None) -> TypeGuard[Entry]:
    return entry is not None and entry.status != HTTPStatus.OK
