"""What the theme bakes beside the pages: for a wrong address, about giving, scripts, an icon."""

from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tamizdat.editions.targets import Target
from tamizdat.funding.addresses import absolute_address
from tamizdat.outlet.models import Masthead
from tamizdat.theme import assets

_HTML = "text/html; charset=utf-8"
_KINDS = {"js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


def targets() -> Iterator[Target]:
    for code, _name in settings.LANGUAGES:
        prefix = "" if code == settings.LANGUAGE_CODE else f"{code}/"
        yield Target(f"{prefix}404.html", partial(_not_found, code), _HTML)
        yield Target(f"{prefix}give/index.html", partial(_give, code), _HTML)
    for name in assets.asset_names():
        path = assets.asset_path(name).lstrip("/")
        yield Target(path, partial(assets.asset_bytes, name), _KINDS[name.rpartition(".")[2]])
    yield Target("favicon.svg", _icon, _KINDS["svg"])
    yield Target("robots.txt", lambda: b"User-agent: *\nDisallow:\n", "text/plain")


def _not_found(language: str) -> bytes:
    return _rendered("theme/404.html", language)


def _give(language: str) -> bytes:
    with translation.override(language):
        give_at = absolute_address("funding:checkout")
    return _rendered("theme/give.html", language, give_at=give_at)


def _icon() -> bytes:
    """The initial of the outlet, as its readers see it in a tab."""
    name = Masthead.objects.speaking(settings.LANGUAGE_CODE).name
    words = {"initial": name.removeprefix("The ")[:1]}
    return render_to_string("theme/favicon.svg", words).encode()


def _rendered(template: str, language: str, **context: str) -> bytes:
    # A bake may run inside an editor's request: their language and time zone stay out of it.
    with translation.override(language), timezone.override(settings.TIME_ZONE):
        return render_to_string(template, context).encode()
