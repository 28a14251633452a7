"""From the few marks our drafts are written in to the blocks of a story.

A blank line ends a block. `## heading`, `> quote` with `> — who`, `- item`, `1. item`, and
`:: picture|gallery|link|call-out|embed` with their parts between bars; anything else is a
paragraph, with `**bold**`, `*italic*` and `[link](https://… | story:key | page:key)`.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a draft refers to by key, found."""

    picture: Callable[[str], int]
    page: Callable[[str], int]
    alt: Callable[[str], str]

    def blocks(self, text: str) -> list[Block]:
        """The body as Wagtail stores it. Raises KeyError for a picture or page there is not."""
        return [self._block(part.split("\n")) for part in re.split(r"\n{2,}", text.strip())]

    def inline(self, text: str) -> str:
        text = html.escape(text, quote=False)
        text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
        text = re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)
        return re.sub(r"\[(.+?)\]\((.+?)\)", lambda m: self._link(m[1], m[2]), text)

    def _block(self, lines: list[str]) -> Block:
        first = lines[0]
        if first.startswith(":: "):
            name, _, rest = first.removeprefix(":: ").partition(" ")
            return _BUILDERS[name](self, rest, lines[1:])
        if heading := re.fullmatch(r"(##+) (.+)", first):
            return _made("heading", text=heading[2], level=str(len(heading[1])))
        if first.startswith("> "):
            return _quote([line.removeprefix("> ") for line in lines])
        if re.match(r"- |\d+\. ", first):
            items = [self.inline(re.sub(r"^(- |\d+\. )", "", line)) for line in lines]
            return _made("list", items=items, numbered=first[0] != "-")
        return {"type": "paragraph", "value": f"<p>{self.inline(' '.join(lines))}</p>"}

    def _link(self, title: str, target: str) -> str:
        kind, _, key = target.partition(":")
        if kind in ("story", "page"):
            return f'<a linktype="page" id="{self.page(key)}">{title}</a>'
        return f'<a href="{target}">{title}</a>'

    def _picture(self, rest: str) -> dict[str, Any]:
        name, caption = _parts(rest, 2)
        return {"picture": self.picture(name), "alt": self.alt(name), "caption": caption}

    def _build_picture(self, rest: str, _: list[str]) -> Block:
        return _made("picture", **self._picture(rest))

    def _build_gallery(self, _: str, lines: list[str]) -> Block:
        return _made("gallery", pictures=[self._picture(line) for line in lines])

    def _build_link(self, rest: str, _: list[str]) -> Block:
        address, title, note = _parts(rest, 3)
        return _made("link", address=address, title=title, note=note)

    def _build_call_out(self, title: str, lines: list[str]) -> Block:
        rich = "".join(
            f"<li>{self.inline(line[2:])}</li>"
            if line.startswith("- ")
            else f"<p>{self.inline(line)}</p>"
            for line in lines
        )
        rich = re.sub(r"((?:<li>.*?</li>)+)", r"<ul>\1</ul>", rich)
        return _made("call_out", title=title, text=rich)

    def _build_embed(self, rest: str, _: list[str]) -> Block:
        address, title, poster = _parts(rest, 3)
        return _made("embed", address=address, title=title, poster=self.picture(poster))


_BUILDERS: dict[str, Callable[[Desk, str, list[str]], Block]] = {
    "picture": Desk._build_picture,
    "gallery": Desk._build_gallery,
    "link": Desk._build_link,
    "call-out": Desk._build_call_out,
    "embed": Desk._build_embed,
}


def _made(kind: str, **value: Any) -> Block:
    return {"type": kind, "value": value}


def _quote(lines: list[str]) -> Block:
    said = " ".join(line for line in lines if not line.startswith("— "))
    who = next((line.removeprefix("— ") for line in lines if line.startswith("— ")), "")
    return _made("quote", text=said, who=who)


def _parts(text: str, count: int) -> list[str]:
    parts = [part.strip() for part in text.split("|")]
    return parts + [""] * (count - len(parts))
