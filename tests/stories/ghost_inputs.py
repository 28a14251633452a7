"""Ghost exports in our own words, and where the real ones are."""

from tamizdat.stories.importing import archive
from tamizdat.stories.importing.ghost import reading
from tests.conftest import NOON
from tests.stories.importing_inputs import INPUTS, by_itself

GENUINE_GHOST = INPUTS / "genuine" / "opensuse-ovdinfo.ghost.json"
CONTENT = INPUTS / "genuine" / "ghost-content"
GHOST_FIXTURES = sorted((INPUTS / "ghost").glob("*/*.json"))


def bring_in(path, *, content=None, language="en", address=""):
    return archive.bring_in(
        reading.read(path, address=address),
        uploads=content,
        language=language,
        now=NOON,
        watch=by_itself,
    )
