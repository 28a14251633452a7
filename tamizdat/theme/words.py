"""Templates in the language of a page, whoever bakes it."""

from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

_template = cache(get_template)  # a compiled template is of no language


def rendered(template: str, language: str, **context: Any) -> SafeString:
    # A bake may run inside an editor's request: their language and time zone stay out of it.
    with translation.override(language), timezone.override(settings.TIME_ZONE):
        return html(template, context)


def html(template: str, context: dict[str, Any]) -> SafeString:
    """What a template of the theme makes of `context`, in the language that is active."""
    return mark_safe(_template(template, using="jinja2").render(context))  # noqa: S308 it escapes
