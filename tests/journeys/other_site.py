"""A site of the newsroom's that tamizdat does not bake, at a port: it asks with our script.

Its theme does what makes trouble for words from elsewhere: a rem of ten pixels, capitals, wide
letters, elements without any style, others with the theme's, a button of its own in the corner.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.theme.serving import served

STYLE = """html{font-size:62.5%}
body{margin:0;font:2rem/1.5 serif;letter-spacing:.1em;text-transform:uppercase}
main{max-width:70rem;margin:auto;padding:0 2rem}
section,aside,form,fieldset,button,label,h2{all:unset}
div{font:inherit;letter-spacing:inherit;text-transform:inherit;color:gray}
.portal{position:fixed;right:0;bottom:0;width:190px;height:98px;z-index:3999998}
button{display:none!important}"""
WORDS = {
    "en": (
        "The harbour, by hand",
        "The ferry left at six, and nobody had paid for it.",
        "Support us",
    ),
    "ru": ("Порт от руки", "Паром ушёл в шесть, и никто за него не заплатил.", "Поддержать нас"),
    "fa": ("بندر با دست", "کشتی ساعت شش رفت و کسی پولش را نداده بود.", "از ما حمایت کنید"),
}
PAGE = """<!doctype html><html lang="{html_lang}" dir="{direction}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<title>{title}</title><style>{style}</style>
<main><article class="post"><h1>{title}</h1>{paragraphs}</article></main>
<noscript><p><a href="{news}/give/">{link}</a></p></noscript>
<footer><a href="#" data-tamizdat-forget="Forgotten." hidden>Forget what I was asked</a></footer>
<div class="portal"></div>
<script type="module" src="{news}/elsewhere.js?ver=6.8" data-after=".post"></script></html>"""

NAMES = 'data-section="/harbour/" data-topics="/x/ /tides/"'
NO_NAMES = 'data-section="" data-topics=""'
PLACE = '<p data-tamizdat-ask><a href="{news}/give/">{link}</a></p>'


@contextlib.contextmanager
def asking_for(news: str) -> Iterator[str]:
    """The address of the site; its pages `/en/`, `/ru/`, `/fa/` ask for the newsroom at `news`.

    `/en/placed/` says where, `/en/named/` of which section and topics it is, `/en/nameless/` that
    it is of none, and `/en/sensitive/` that it is no story to ask under.
    """
    with tempfile.TemporaryDirectory() as name:
        for language, (title, sentence, link) in WORDS.items():
            folder = Path(name) / language
            folder.mkdir()
            page = PAGE.format(
                html_lang={"en": "en-GB"}.get(language, language),
                direction="rtl" if language == "fa" else "ltr",
                title=title,
                style=STYLE,
                paragraphs=f"<p>{sentence} {sentence} {sentence}</p>" * 20,
                news=news,
                link=link,
            )
            placed = page.replace("</article>", PLACE.format(news=news, link=link) + "</article>")
            pages = {
                ".": page,
                "placed": placed,
                "sensitive": placed.replace("<article", "<article data-sensitive"),
                "named": page.replace(" data-after", f" {NAMES} data-after"),
                "nameless": page.replace(" data-after", f" {NO_NAMES} data-after"),
            }
            for where, text in pages.items():
                (folder / where).mkdir(exist_ok=True)
                (folder / where / "index.html").write_text(text, encoding="utf-8")
        with served(Path(name)) as address:
            yield address
