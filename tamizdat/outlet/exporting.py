"""Who we are, as a file."""

import json
from collections.abc import Iterator

from django.forms.models import model_to_dict

from tamizdat.lib.crate import Piece
from tamizdat.outlet.models import Masthead


def pieces() -> Iterator[Piece]:
    yield Piece("outlet/mastheads.json", "lists", _mastheads)


def _mastheads() -> list[bytes]:
    rows = [
        model_to_dict(masthead, exclude=["id", "locale"])
        | {"language": masthead.locale.language_code}
        for masthead in Masthead.objects.select_related("locale").order_by("pk")
    ]
    return [json.dumps(rows, ensure_ascii=False, indent=1).encode()]
