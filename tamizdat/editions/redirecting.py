"""Addresses that moved or are gone: a stub page for any static server, a map for ours to answer."""

import json
from http import HTTPStatus
from typing import TypeGuard

from django.utils.html import format_html

from tamizdat.editions.manifest import Change, Entry
from tamizdat.editions.tree import Tree
from tamizdat.editions.webmaps import CADDY_MAP, NGINX_MAP, Moves, caddy_map, nginx_map
from tamizdat.outlet.addresses import file_of, is_file_name

MAP = "redirects.json"


def path_in_edition(old_path: str) -> str:
    """Where an edition speaks of `old_path`: the file that it names, else the address itself.

    An address with a query is no file, nor is one that no file system can hold. Nor is what was
    below a file (`/name.html/pier`): a path cannot be file and folder, whoever claims the other.
    """
    path = file_of(old_path)
    is_below_a_file = any(map(is_file_name, path.split("/")[:-1]))
    is_file = not {"?", ";"} & set(old_path) and Tree.can_hold(path) and not is_below_a_file
    return path if is_file else old_path


def has_stub(path: str) -> bool:
    """Whether a page stands in for a redirect from here; else the servers' maps alone answer."""
    return Tree.can_hold(path) and path.endswith((".html", ".htm"))


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
    """Bring the maps beside the tree from one edition to the next. Safe to repeat."""
    known = read_map(tree)
    answers = dict(known)
    for change in changes:
        if _is_answered(change.after):
            answers[address_of(change.path)] = (change.after.status, change.after.location)
        elif _is_answered(change.before):
            answers.pop(address_of(change.path), None)
    if answers != known or not tree.beside(MAP).exists():
        write_maps(tree, answers)


def read_map(tree: Tree) -> Moves:
    file = tree.beside(MAP)
    known = json.loads(file.read_bytes()) if file.exists() else {}
    return {address: (status, to) for address, (status, to) in known.items()}


def write_maps(tree: Tree, answers: Moves) -> None:
    """Write what the servers read: ours, nginx and Caddy."""
    text = json.dumps(answers, ensure_ascii=False, indent=0, sort_keys=True)
    tree.put_beside(MAP, text.encode())
    tree.put_beside(NGINX_MAP, nginx_map(answers))
    tree.put_beside(CADDY_MAP, caddy_map(answers))


def _is_answered(entry: Entry | None) -> TypeGuard[Entry]:
    return entry is not None and entry.status != HTTPStatus.OK
