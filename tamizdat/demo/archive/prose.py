"""Text that weighs what ours weighs: the sentences of the demo's own stories, shuffled.

A grammar of a few rules repeats itself and compresses far better than prose does, so the
measures of page weight would flatter us. No sentence comes twice in one story.
"""

import html
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from tamizdat.demo import content

WORDS = Path(__file__).parent / "words"
MEAN_WORDS = 830  # that a story stops after; with its last paragraph and lists, 930
SPREAD_WORDS = 260
LEAST_WORDS = 250

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Voice:
    """What one language has to say, and in which pieces."""

    words: dict[str, Any]
    sentences: list[str]  # escaped, ready for HTML
    counts: list[int]  # the words of each sentence
    headings: list[str]
    quotes: list[str]
    items: list[str]

    def headline(self, numbers: tuple[int, int, int]) -> str:
        parts = zip(("who", "did", "tail"), numbers, strict=True)
        return " ".join(self.words[name][number] for name, number in parts)

    def standfirst(self, chance: random.Random) -> str:
        return html.unescape(" ".join(chance.sample(self.sentences, 2)))

    def body(self, chance: random.Random, *, links: list[int]) -> list[Block]:
        """Paragraphs, with a heading, a quote or a list among them; `links` are pages it names."""
        left = max(LEAST_WORDS, chance.gauss(MEAN_WORDS, SPREAD_WORDS))
        blocks = []
        order = _unlike(chance, below=len(self.sentences))
        waiting = list(links)
        while left > 0:
            if rest := chance.random() < 0.3 and self._interlude(chance):
                blocks.append(_block(chance, *rest))
            picked = [next(order) for _ in range(chance.randint(2, 5))]
            left -= sum(self.counts[number] for number in picked)
            said = [self.sentences[number] for number in picked]
            if waiting:
                said[-1] = _linked(said[-1], waiting.pop())
            blocks.append(_block(chance, "paragraph", f"<p>{' '.join(said)}</p>"))
        return blocks

    def _interlude(self, chance: random.Random) -> tuple[str, Any]:
        kind = chance.random()
        if kind < 0.5:
            return "heading", {"text": chance.choice(self.headings), "level": "2"}
        if kind < 0.8:
            return "quote", {"text": chance.choice(self.quotes), "who": ""}
        items = [f"<p>{item}</p>" for item in chance.sample(self.items, 4)]
        return "list", {"items": items, "numbered": kind < 0.9}


@cache
def voice(language: str) -> Voice:
    parts = [part for draft in content.load(language).stories for part in _parts(draft.text)]
    plain = [part for part in parts if not re.match(r"[#>:]|- |\d+\. ", part)]
    sentences = list(dict.fromkeys(html.escape(s, quote=False) for p in plain for s in _said(p)))
    return Voice(
        words=tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8")),
        sentences=sentences,
        counts=[len(sentence.split()) for sentence in sentences],
        headings=[part.lstrip("# ") for part in parts if part.startswith("#")],
        quotes=[part.split("\n")[0][2:] for part in parts if part.startswith("> ")],
        items=[
            html.escape(line.split(" ", 1)[1], quote=False)
            for part in parts
            for line in part.split("\n")
            if re.match(r"- |\d+\. ", line)
        ],
    )


def _parts(text: str) -> Iterator[str]:
    without_links = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text)
    yield from re.split(r"\n{2,}", without_links.replace("*", ""))


def _said(paragraph: str) -> list[str]:
    return re.split(r"(?<=[.!?…])\s+(?=[A-ZА-ЯЁ“«—])", paragraph.replace("\n", " "))  # noqa: RUF001


def _unlike(chance: random.Random, *, below: int) -> Iterator[int]:
    """Numbers in no order, none of them twice. Far quicker than a shuffle for the first few."""
    seen: set[int] = set()
    while len(seen) < below:
        number = int(below * chance.random())
        if number not in seen:
            seen.add(number)
            yield number


def _linked(sentence: str, page: int) -> str:
    """The last three words lead to another story."""
    words = sentence.split(" ")
    text = " ".join(words[-3:])
    return " ".join([*words[:-3], f'<a linktype="page" id="{page}">{text}</a>'])


def _block(chance: random.Random, kind: str, value: Any) -> Block:
    identity = UUID(int=chance.getrandbits(128), version=4)
    return {"type": kind, "value": value, "id": str(identity)}
