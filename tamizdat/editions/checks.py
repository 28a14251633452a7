import os
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error


def the_live_tree_can_be_written(**_: object) -> list[CheckMessage]:
    root = Path(settings.SITE_ROOT)
    nearest = next(folder for folder in (root, *root.parents) if folder.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The baked site cannot be written: {nearest} refuses.",
            hint=f"Make {root} a folder that belongs to the user tamizdat runs as.",
            id="editions.E001",
        )
    ]
