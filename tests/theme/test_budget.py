"""Page weight decides whether a page can be read at all where networks cut long answers."""

import re

import pytest

from tamizdat.theme import assets
from tests.baked import baked
from tests.inputs import INPUTS, needs
from tests.theme.reading import brotli_bytes, most_brotli_bytes
from tests.theme.site import PROSE, body_of, make_paper

REPORTS = INPUTS / "news" / "ovdinfo-reports"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_thousand_words_with_banner_ask_and_read_more_are_within_8192_bytes(printed, language):
    data = printed[language]["story"]

    assert len((PROSE / f"{language}.txt").read_text().split()) >= 1000
    for part in (b"class=banner", b"class=ask", b'class="legal"', b'class="more"', b'class="fix"'):
        assert part in data
    assert most_brotli_bytes(data) <= 8192


def test_a_list_and_a_quote_with_its_speaker_fit_in_too(newsroom):
    story = make_paper(languages=["ru"])["ru"].story
    blocks = body_of(_a_thousand_words_of((PROSE / "ru.txt").read_text()))
    words = [value for kind, value in blocks if kind == "paragraph"]
    blocks = [each for each in blocks if each[1] != words[3]]
    blocks.append(("list", {"items": [words[3].strip("<p/>")], "numbered": False}))
    story.body = [(k, v | {"who": "Анна Верева"}) if k == "quote" else (k, v) for k, v in blocks]
    story.save()

    page = baked(story)
    assert b"<li>" in page.partition(b"<article>")[2]
    assert b"@layer lists" in page
    assert most_brotli_bytes(page) <= 8192


@needs(REPORTS)
def test_a_thousand_words_of_somebody_elses_russian_are_within_8192_bytes(newsroom):
    story = make_paper(languages=["ru"])["ru"].story
    story.body = body_of(_a_thousand_words_of_a_report())
    story.save()

    assert most_brotli_bytes(baked(story)) <= 8192


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_a_front_is_within_12_kib(printed, language):
    assert brotli_bytes(printed[language]["front"]) <= 12 * 1024


LOADED = [("appeals.js", "embed.js"), ("search.js",), ("giving.js",), ("proof.js",)]  # by a page


def test_the_scripts_of_a_page_are_within_5_kib():
    assert {name for names in LOADED for name in names} == set(assets.asset_names())
    for names in [*LOADED, (assets.ELSEWHERE,)]:
        assert sum(brotli_bytes(assets.asset_bytes(name)) for name in names) <= 5 * 1024


@pytest.mark.parametrize("name", ["appeals.js", assets.ELSEWHERE])
def test_what_asks_is_compiled_while_it_arrives(name):
    assert assets.asset_bytes(name).decode().startswith(assets.EAGER)  # heeded nowhere else


@pytest.mark.parametrize("path", sorted(assets.FOLDER.rglob("*.js")), ids=lambda path: path.name)
def test_a_script_is_at_most_60_lines_of_plain_code(path):
    lines = path.read_text().splitlines()

    assert len(lines) <= 60
    assert max(map(len, lines)) <= 120


def _a_thousand_words_of_a_report() -> str:
    texts = [path.read_text() for path in sorted(REPORTS.rglob("*.m*d*"))]
    text = max(texts, key=lambda text: len(re.findall("[а-яё]", text)))
    marks = r"[#>*_`]|!?\[|\]\([^)]*\)|<[^>]*>|\A---.*?---"
    return _a_thousand_words_of(re.sub(marks, "", text, flags=re.DOTALL))


def _a_thousand_words_of(text: str) -> str:
    kept, count = [], 0
    for part in filter(None, map(str.strip, text.split("\n\n"))):
        kept.append(" ".join(part.split()[: 1000 - count]))
        count += len(kept[-1].split())
        if count == 1000:
            return "\n\n".join(kept)
    raise AssertionError(f"only {count} words")
