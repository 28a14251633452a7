"""The picture that stands for a page where people pass it on: its headline in our own type.

Named by its words, so that a page can say the name before anyone has drawn it:
`k/<8 digits of the page's key><8 digits of its words>.jpg`, below /media/ and MEDIA_ROOT.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from PIL import Image, ImageDraw, ImageFont

from tamizdat.stories import developing
from tamizdat.stories.models import Picture
from tamizdat.theme.facts.paper import Paper
from tamizdat.theme.facts.places import place
from tamizdat.theme.facts.stories import Whole

# Where the cards live. Another way of drawing them needs another letter.
STORE = "k"
SIZE = WIDTH, HEIGHT = 1200, 630
BUDGET_BYTES = 60_000
BESIDE = 456  # the width of the picture beside the words
MARGIN = 56
PAPER, INK, SOFT, SIGNAL = "#fffdf8", "#1a1714", "#544d44", "#9e1b16"
ALPHABETS = {"LATIN", "CYRILLIC", "GREEK", "ARABIC"}  # those that our two fonts have


@dataclass(frozen=True)
class Words:
    """What is set on a card."""

    key: str  # eight digits of the page: no two pages share a card
    headline: str
    above: str  # the section, or the kicker
    outlet: str
    is_rtl: bool
    picture: str = ""  # hash and focal point of the lead picture
    picture_pk: int = 0

    @property
    def name(self) -> str:
        set_on_it = (self.headline, self.above, self.outlet, self.is_rtl, self.picture)
        digest = hashlib.sha256(repr(set_on_it).encode()).hexdigest()
        return f"{STORE}/{self.key}{digest[:8]}.jpg"

    def can_be_set(self) -> bool:
        """Whether we have letters for all of it."""
        return all(map(_can_be_set, set(self.headline + self.above + self.outlet)))


@cache
def _can_be_set(letter: str) -> bool:
    return not letter.isalpha() or unicodedata.name(letter, "?").split()[0] in ALPHABETS


def card_of(page: Any, paper: Paper) -> Words | None:
    """The page's card: a story has its own, other pages have that of their front.

    None for words in letters that we cannot set.
    """
    is_rtl = bool(translation.get_language_info(paper.language)["bidi"])
    if isinstance(page, Whole):
        words = _of_story(page, paper, is_rtl)
    elif paper.front:
        key = _key(paper.front.pk)
        words = Words(key, paper.masthead.name, paper.masthead.tagline, "", is_rtl)
    else:
        return None
    return words if words.can_be_set() else None


def drawn(words: Words) -> Path | None:
    """The file of a card, if it is there."""
    file = Path(settings.MEDIA_ROOT) / words.name
    return file if file.exists() else None


def draw(words: Words) -> Path:
    """The file of a card, drawn now."""
    file = Path(settings.MEDIA_ROOT) / words.name
    picture = Picture.objects.filter(pk=words.picture_pk).first()
    developing.keep(file, _jpeg(_drawn(words, picture)))
    return file


def _of_story(story: Whole, paper: Paper, is_rtl: bool) -> Words:
    section = None if story.kicker else place(story.card.section)
    above = story.kicker or (section.title if section else "")
    row = story.photo.row if story.photo else None
    picture, pk = (developing.key_of(row), row.pk) if row else ("", 0)
    key = _key(story.pk)
    return Words(key, story.title, above, paper.masthead.name, is_rtl, picture, pk)


def _key(pk: int) -> str:
    return hashlib.sha256(str(pk).encode()).hexdigest()[:8]


def _drawn(words: Words, picture: Picture | None) -> Image.Image:
    card = Image.new("RGB", SIZE, PAPER)
    beside = _beside(picture) if picture else None
    left, right = MARGIN, WIDTH - MARGIN
    if beside and words.is_rtl:
        card.paste(beside, (0, 0))
        left += BESIDE
    elif beside:
        card.paste(beside, (WIDTH - BESIDE, 0))
        right -= BESIDE
    pen = _Pen(ImageDraw.Draw(card), left=left, right=right, is_rtl=words.is_rtl)
    pen.draw.rectangle((left, MARGIN, right, MARGIN + 6), fill=SIGNAL)
    top = MARGIN + 34
    if words.above:
        top = pen.set(words.above, top=top, size=34, colour=SIGNAL, lines=1) + 14
    foot = HEIGHT - MARGIN - (52 if words.outlet else 0)
    pen.set_as_large_as_fits(words.headline, top=top, foot=foot)
    if words.outlet:
        pen.set(words.outlet, top=HEIGHT - MARGIN - 40, size=32, colour=SOFT, lines=1)
    return card


def _beside(picture: Picture) -> Image.Image | None:
    try:
        cut = developing.cut(picture, width=BESIDE, height=HEIGHT)
    except developing.Lost:
        return None
    return cut if cut.size == (BESIDE, HEIGHT) else None  # too small to stand there


@dataclass(frozen=True)
class _Pen:
    """Sets lines of text between two edges, from the side where the language begins."""

    draw: ImageDraw.ImageDraw
    left: int
    right: int
    is_rtl: bool

    def set_as_large_as_fits(self, text: str, *, top: int, foot: int) -> None:
        for size in range(88, 28, -4):
            lines = self._wrapped(text, _font(size, self.is_rtl))
            if lines and top + len(lines) * self._leading(size) <= foot:
                break
        room = (foot - top) // self._leading(size)
        self.set(text, top=top, size=size, colour=INK, lines=room)

    def set(self, text: str, *, top: int, size: int, colour: str, lines: int) -> int:
        """Set at most so many lines; where they end."""
        font = _font(size, self.is_rtl)
        wrapped = self._wrapped(text, font) or [self._shortened(text, font)]
        if len(wrapped) > lines:
            wrapped = [*wrapped[: lines - 1], f"{wrapped[lines - 1]}…"]
        for line in wrapped:
            x, anchor = (self.right, "ra") if self.is_rtl else (self.left, "la")
            self.draw.text((x, top), line, colour, font, anchor, **self._direction())
            top += self._leading(size)
        return top

    def _leading(self, size: int) -> int:
        return round(size * (1.45 if self.is_rtl else 1.17))

    def _wrapped(self, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
        """Lines that fit, nothing if a word does not."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self._fits(longer, font):
                lines[-1] = longer
            elif self._fits(word, font):
                lines.append(word)
            else:
                return []
        return lines

    def _shortened(self, text: str, font: ImageFont.FreeTypeFont) -> str:
        while text and not self._fits(f"{text}…", font):
            text = text[:-1]
        return f"{text}…"

    def _fits(self, line: str, font: ImageFont.FreeTypeFont) -> bool:
        return font.getlength(line, **self._direction()) <= self.right - self.left

    def _direction(self) -> dict[str, Any]:
        return {"direction": "rtl" if self.is_rtl else "ltr"}


@lru_cache
def _font(size: int, is_rtl: bool) -> ImageFont.FreeTypeFont:
    package, name = (
        ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf")
        if is_rtl
        else ("fontpkg_noto_serif", "NotoSerif[wdth,wght].ttf")
    )
    font = ImageFont.truetype(
        BytesIO(files(package).joinpath("files", name).read_bytes()),
        size,
        layout_engine=ImageFont.Layout.RAQM,
    )
    font.set_variation_by_axes(
        [700 if axis["name"] == b"Weight" else 100 for axis in font.get_variation_axes()]
    )
    return font


def _jpeg(card: Image.Image) -> bytes:
    for quality in range(86, 10, -8):
        file = BytesIO()
        card.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        if len(file.getvalue()) <= BUDGET_BYTES:
            break
    return file.getvalue()
