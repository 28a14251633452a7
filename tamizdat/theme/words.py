"""Templates in the language of a page, whoever bakes it."""

from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone, translation


def rendered(template: str, language: str, **context: Any) -> str:
    # A bake may run inside an editor's request: their language and time zone stay out of it.
    with translation.override(language), timezone.override(settings.TIME_ZONE):
        return str(get_template(template).render(context))
