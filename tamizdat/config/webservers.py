"""Configurations with which nginx or Caddy serves the live tree as `tamizdat serve` does.

Both are written from what `answers` says. What a file cannot answer goes to a `tamizdat serve`
behind them.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from tamizdat.config import answers
from tamizdat.editions import redirecting
from tamizdat.editions.live import COMPRESSIBLE
from tamizdat.editions.tree import Tree
from tamizdat.editions.webmaps import CADDY_MAP, NGINX_MAP

TEMPLATES = {"nginx": "config/nginx.conf", "caddy": "config/Caddyfile"}
BROTLI_FOR_NGINX = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
LARGEST_UPLOAD_MB = 64
FORMS_A_MINUTE = 30  # from one address; many readers share one, behind a VPN or a provider


@dataclass
class Host:
    """What is served under one address."""

    address: str
    names: set[str] = field(default_factory=set)  # of the dynamic addresses answered here

    @property
    def is_https(self) -> bool:
        return self.address.startswith("https://")

    @property
    def name(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or (443 if self.is_https else 80)

    @property
    def headers(self) -> dict[str, str]:
        return answers.reader_headers(https=self.is_https)

    @property
    def dynamic(self) -> str:
        """An expression that finds what is not a file, for both servers."""
        return _expression(self.names) if self.names else ""


def configuration(server: str, *, zone: str, behind: str) -> str:
    """The configuration of `server` for the hosts of `zone`; `behind` is where we listen."""
    tree = Tree(settings.SITE_ROOT)
    redirecting.write_maps(tree, redirecting.read_map(tree))  # the server wants a file to include
    context = {
        "hosts": hosts(zone),
        "root": tree.root,
        "nginx_map": tree.beside(NGINX_MAP),
        "caddy_map": tree.beside(CADDY_MAP),
        "behind": behind,
        "prefixes": "|".join(_languages()[1:]),  # the first language has none
        "types": _suffixes_by_type(),
        "has_brotli": BROTLI_FOR_NGINX.exists(),
        "compressible": " ".join(f"*{suffix}" for suffix in sorted(COMPRESSIBLE)),
        "immutable": f"^({'|'.join(answers.IMMUTABLE)})",
        "open": [path.replace(".", "\\.") for path in answers.OPEN_TO_ALL_ORIGINS],
        "open_paths": " ".join(f"{path}*" for path in answers.OPEN_TO_ALL_ORIGINS),
        "forever": answers.FOREVER,
        "a_minute": answers.A_MINUTE,
        "ask_again": answers.ASK_AGAIN,
        "never": answers.NEVER,
        "kept_connections": " ".join(f"{path}*" for path in answers.KEPT_CONNECTIONS),
        "largest_upload": LARGEST_UPLOAD_MB,
        "forms": _expression(answers.FORM_NAMES).removeprefix("^"),
        "forms_a_minute": FORMS_A_MINUTE,
    }
    return render_to_string(TEMPLATES[server], context)


def hosts(zone: str) -> list[Host]:
    """One for each address that the zone has, the site's first."""
    addresses = {
        "site": settings.SITE_ADDRESS,
        "give": settings.GIVE_ADDRESS or settings.SITE_ADDRESS,
        "desk": settings.DESK_ADDRESS,
    }
    found: dict[str, Host] = {}
    for each, address in addresses.items():
        if zone in ("all", each):
            found.setdefault(address, Host(address)).names |= answers.NAMES[each]
    return list(found.values())


def _expression(names: Collection[str]) -> str:
    languages, alternatives = "|".join(_languages()), "|".join(sorted(names))
    return f"^(/({languages}))?/({alternatives})(/|$)"


def _languages() -> list[str]:
    return [code.lower() for code, _name in settings.LANGUAGES]


def _suffixes_by_type() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for suffix, kind in answers.types().items():
        found.setdefault(kind, []).append(suffix.removeprefix("."))
    return found
