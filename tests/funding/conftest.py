import pytest
from wagtail.models import Locale

from tamizdat.funding import founding
from tamizdat.outlet.models import Masthead
from tests.newsletters.conftest import server  # noqa: F401
from tests.payments.banks import nowhere, stripe  # noqa: F401


@pytest.fixture
def outlet(db):
    """Enough of a newsroom to be given to and to write letters: a masthead and amounts."""
    locale, _ = Locale.objects.get_or_create(language_code="en")
    Masthead.objects.create(locale=locale, name="The Lantern")
    founding.found()
