"""What must be in the database before anyone can write or read."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Locale, Page, Site

from tamizdat.appeals import founding as appeals_founding
from tamizdat.config import roles
from tamizdat.funding import founding as funding_founding
from tamizdat.outlet.models import Masthead
from tamizdat.stories.models import Authors, Front, Topics

DEFAULT_NAME = "Our paper"


@transaction.atomic
def found() -> None:
    """Make the amounts, and for each language that has none a front, a masthead, asks and so on.

    Repeating it is harmless; after adding a language to tamizdat.toml it is how to start it.
    """
    roles.define()
    for code, _name in settings.LANGUAGES:
        locale, _is_new = Locale.objects.get_or_create(language_code=code)
        Masthead.objects.get_or_create(locale=locale, defaults={"name": DEFAULT_NAME})
        if not Front.objects.filter(locale=locale).exists():
            _add_front(locale)
    funding_founding.found()
    appeals_founding.found()
    _point_the_site_at(Front.objects.get(locale__language_code=settings.LANGUAGE_CODE))
    Page.objects.filter(depth=2, slug="home", title="Welcome to your new Wagtail site!").delete()


def _add_front(locale: Locale) -> None:
    code = locale.language_code
    first = Front.objects.first()
    front = Front(title=DEFAULT_NAME, slug=f"front-{code}", locale=locale)
    if first:
        front.translation_key = first.translation_key
    Page.get_first_root_node().add_child(instance=front)
    with override(code):
        front.add_child(instance=Authors(title=_("Authors"), slug="authors", locale=locale))
        front.add_child(instance=Topics(title=_("Topics"), slug="topics", locale=locale))


def _point_the_site_at(front: Front) -> None:
    defaults = {"hostname": "localhost", "root_page": front, "site_name": "tamizdat"}
    Site.objects.update_or_create(is_default_site=True, defaults=defaults)
