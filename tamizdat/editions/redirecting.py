"""Addresses that moved: a stub page for any static server, and a map for ours to answer 301."""

import json
from http import HTTPStatus
from urllib.parse import quote

from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from tamizdat.editions.rendering import path_of_address
from tamizdat.editions.tree import Tree
from tamizdat.editions.webmaps import CADDY_MAP, NGINX_MAP, Moves, caddy_map, nginx_map
from tamizdat.outlet.addresses import is_reserved

MAP = "redirects.json"


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


def stub_path(old_path: str) -> str | None:
    """Where the stub of `old_path` is; None for an address with a query, which is no file."""
    return None if {"?", ";"} & set(old_path) else path_of_address(quote(old_path))


def stub(address: str) -> bytes:
    page = format_html(
        '<!doctype html><meta charset="utf-8"><title>{0}</title><link rel="canonical" href="{0}">'
        '<link rel="icon" href="/favicon.svg">'
        '<meta http-equiv="refresh" content="0;url={0}"><p><a href="{0}">{0}</a></p>\n',
        address,
    )
    return str(page).encode()


def write_map(tree: Tree, moves: Moves) -> None:
    content = json.dumps(moves, ensure_ascii=False, indent=0, sort_keys=True).encode()
    tree.put_beside(MAP, content)
    tree.put_beside(NGINX_MAP, nginx_map(moves))
    tree.put_beside(CADDY_MAP, caddy_map(moves))


def read_map(tree: Tree) -> Moves:
    file = tree.beside(MAP)
    return json.loads(file.read_bytes()) if file.exists() else {}


def forget(tree: Tree, paths: set[str]) -> None:
    """Pages stand at `paths` now: our server must not send readers away from them."""
    known = read_map(tree)
    kept = {old: move for old, move in known.items() if stub_path(old) not in paths}
    if kept != known:
        write_map(tree, kept)
