"""Where on the site a gift came from."""

from django.conf import settings


def section_of(path: str) -> str:
    """`/ru/harbour/ferry-ledger/` → `/ru/harbour/`; of a page that is in none, its front."""
    names = path.strip("/").split("/")
    languages = [names.pop(0)] if names[0] in dict(settings.LANGUAGES) else []
    kept = languages + (names[:1] if len(names) > 1 else [])
    return "/".join(["", *kept, ""]) if kept else "/"
