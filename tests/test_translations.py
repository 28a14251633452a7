"""What readers are told is there in every language that we offer."""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.template import engines

PRODUCT = Path(__file__).parent.parent / "tamizdat"
TEMPLATES = sorted(PRODUCT.glob("*/jinja2/**/*.*"))
FIRST_WORDS = sorted(PRODUCT.glob("*/founding.py"))
CATALOGUES = sorted(PRODUCT.rglob("django.po"))


@pytest.mark.parametrize("language", ["ru", "fa"])
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PRODUCT)))
def test_every_sentence_of_a_readers_page_is_translated(path, language):
    found = engines["jinja2"].env.extract_translations(path.read_text())
    asked = {(words, None) if isinstance(words, str) else words[::-1] for _line, _, words in found}

    assert asked - _translated(language) == set()


@pytest.mark.parametrize("language", ["ru", "fa"])
@pytest.mark.parametrize("path", FIRST_WORDS, ids=lambda path: str(path.relative_to(PRODUCT)))
def test_the_words_that_a_newsroom_begins_with_are_translated(path, language):
    with path.open("rb") as file:
        asked = {(words, None) for _line, words, *_ in extract("python", file, {"_": None})}

    assert asked - _translated(language) == set()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.parent))
def test_a_catalogue_is_compiled_as_it_is_written(path):
    compiled = BytesIO()
    write_mo(compiled, _catalogue(path))
    compiled.seek(0)

    with path.with_suffix(".mo").open("rb") as kept:
        assert _words(kept) == _words(compiled)


@cache
def _translated(language):
    ours = [path for path in CATALOGUES if path.parts[-3] == language]
    return {(each.id, each.context) for path in ours for each in _catalogue(path)}


def _catalogue(path):
    with path.open("rb") as file:
        return read_po(file)


def _words(compiled):
    catalogue = GNUTranslations(compiled)._catalog
    return {key: words for key, words in catalogue.items() if key}
