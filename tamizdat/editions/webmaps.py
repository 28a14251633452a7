"""The redirect map in the words of nginx and of Caddy, which cannot read ours.

A line for each way to write an old address. What one of them could not read is left out: there
the stub page redirects. nginx finds lines without regard to capitals, so each line repeats the
address that it is for, and the configuration compares.
"""

from collections.abc import Iterable, Iterator
from itertools import permutations

Moves = dict[str, tuple[int, str]]  # old path with its query, as Wagtail keeps it → status, address

NGINX_MAP = "nginx-map"
CADDY_MAP = "caddy-map"
ORDERED_UP_TO = 3  # of more parts a query is recognised in one order only
CONTROLS = {*map(chr, range(32)), "\x7f"}
LONGEST_KEY = 1900  # bytes: the configuration gives nginx buckets of 2,048


def nginx_map(moves: Moves) -> bytes:
    lines, taken = [], set[str]()
    for old, status, address in _lines(moves, forbidden="$"):
        if old.lower() not in taken and len(old.encode()) <= LONGEST_KEY:
            taken.add(old.lower())
            key = old.replace("\\", r"\\").replace('"', r"\"")
            lines.append(f'"{key}" "{key}\\t{status} {address.replace("$", "%24")}";\n')
    return "".join(lines).encode()


def caddy_map(moves: Moves) -> bytes:
    lines = _lines(moves, forbidden='{}"\\')
    found = (f'"{old}" {status} "{address}"\n' for old, status, address in lines)
    return "".join(["default none none\n", *found]).encode()  # Caddy refuses an empty file


def _lines(moves: Moves, *, forbidden: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    spelt = {old: move for key, move in moves.items() for old in _spellings(key)}
    for old, (status, address) in sorted(spelt.items()):
        if not CONTROLS.union(forbidden) & set(old):
            # Gone has no address, but both want a word there.
            yield old, status, address or "/"


def _spellings(old: str) -> Iterator[str]:
    path, mark, query = old.partition("?")
    parts = query.split("&")
    orders = permutations(parts) if len(parts) <= ORDERED_UP_TO else [parts]
    queries = [f"{mark}{'&'.join(order)}" for order in orders]
    for way in {path, f"{path.rstrip('/')}/"}:
        yield from (f"{way}{asked}" for asked in queries)
