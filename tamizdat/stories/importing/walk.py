"""Walking through well-formed HTML and saying, element by element, which block it is."""

import re
from html import escape
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from tamizdat.stories.importing import markup
from tamizdat.stories.importing.embeds import host_of, is_embeddable, page_of
from tamizdat.stories.importing.notes import Notes
from tamizdat.stories.importing.surroundings import FoundPicture, Surroundings
from tamizdat.stories.sanitising import kept

_INLINE_NAMES = (
    "a b strong i em sup sub s del strike code br span small big u ins kbd q cite abbr acronym var "
    "tt mark time"
)
_INLINE = set(_INLINE_NAMES.split())
_BLOCK_NAMES = (
    "p div section article main header footer aside center h1 h2 h3 h4 h5 h6 ul ol dl blockquote "
    "pre hr table figure img iframe embed video audio details address"
)
_BLOCKS = set(_BLOCK_NAMES.split())
_CALL_OUT = re.compile(r"\b(notice|alert|call-?out|info-?box|has-background)\b")
_POST_CARD = re.compile(r"\b(twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post)\b")
_NUMBER = re.compile(r"\bwp-image-(\d+)\b")
_PARAGRAPHS = re.compile(r"\n[ \t\n]*\n")
MUTE = "pictures that nothing describes: the desk asks for words when it publishes"
CAPTION_LENGTH = 400
TITLE_LENGTH = 200


class Walk:
    """Collects blocks. Loose text and inline elements gather until something ends the paragraph."""

    def __init__(self, *, old: Surroundings, notes: Notes, breaks: bool) -> None:
        self.old = old
        self.notes = notes
        self.newline = "<br>" if breaks else " "
        self.blocks: list[tuple[str, Any]] = []
        self._loose: list[str] = []
        self._top_heading = "h6"

    def through(self, parent: Any) -> None:
        """Add the blocks that the inside of an element makes."""
        self._hear(parent.text)
        for child in parent:
            self._meet(child)
            self._hear(child.tail)
        self._end_paragraph()

    def _hear(self, text: str | None) -> None:
        for place, piece in enumerate(_PARAGRAPHS.split(text or "")):
            if place:
                self._end_paragraph()
            self._loose.append(escape(piece, quote=False).replace("\n", self.newline))

    def _meet(self, node: Any) -> None:
        if node.tag in _INLINE and not _holds_blocks(node):
            if "wp-block-button__link" in node.get("class", ""):
                self._end_paragraph()
                self._add_button(node)
            else:
                self._loose.append(_outer(node).replace("\n", self.newline))
            return
        self._end_paragraph()
        getattr(self, f"_meet_{_HANDLERS.get(node.tag, 'container')}")(node)

    def _end_paragraph(self) -> None:
        loose, self._loose = "".join(self._loose), []
        if not loose or loose.isspace():
            return
        html = markup.inline(loose)
        words = markup.plain(html)
        if not words:
            return
        if re.fullmatch(r"https?://\S+", words) and "<a " not in html:
            if is_embeddable(words):
                self._add_embed(words, "")
                return
            self._add_paragraph(f'<a href="{escape(self.old.link(words))}">{escape(words)}</a>')
        else:
            self.blocks.append(("paragraph", f"<p>{html}</p>"))

    def _add_paragraph(self, html: str) -> None:
        self.blocks.append(("paragraph", f"<p>{markup.inline(html)}</p>"))

    def _meet_container(self, node: Any) -> None:
        kind = node.get("data-tz", "")
        classes = node.get("class", "")
        if kind in ("embed", "gallery", "link", "media", "unknown"):
            getattr(self, f"_meet_{kind}_hint")(node)
        elif re.search(r"\b(wp-caption|wp-block-image)\b", classes) and _has(node, "img"):
            self._meet_figure(node)
        elif "gallery" in classes and _has(node, "img"):
            self._add_gallery(node)
        elif node.tag == "aside" or _CALL_OUT.search(classes):
            self._meet_call_out(node)
        else:
            self.through(node)

    def _meet_embed_hint(self, node: Any) -> None:
        self._add_embed(node.get("data-value", ""), markup.plain(node.get("data-name", "")))

    def _meet_media_hint(self, node: Any) -> None:
        self._add_media(node.get("data-value", ""), node.get("data-name", ""))

    def _meet_link_hint(self, node: Any) -> None:
        self._add_link(node.get("data-value", ""), node.get("data-name", ""), _words(node))

    def _meet_unknown_hint(self, node: Any) -> None:
        if _has(node, "img", "iframe", "div", "figure") or "\n\n" in _words(node):
            self.through(node)
        else:
            self._keep(node)

    def _meet_gallery_hint(self, node: Any) -> None:
        numbers = re.findall(r"\d+", node.get("data-value", "")) or self.old.attached
        rows = []
        for number in numbers:
            if found := self.old.picture("", number):
                rows.append(self._picture_value(found, found.alt, found.caption))
            else:
                self.notes.add("pictures that are missing", f"attachment {number}")
        if rows:
            self.blocks.append(("gallery", {"pictures": rows}))

    def _meet_heading(self, node: Any) -> None:
        words = markup.plain(_outer(node))
        level = self._level_of(node)
        if words and node.find(".//a[@href]") is not None:
            node.tag = f"h{level}"
            self._keep(node)  # our headings hold no links
            return
        if len(words) > TITLE_LENGTH:
            self._add_paragraph(f"<b>{escape(words)}</b>")
        elif words:
            self.blocks.append(("heading", {"text": words, "level": level}))
        self._add_pictures_in(node)

    def _level_of(self, heading: Any) -> str:
        """Ours start below the headline; old texts start anywhere and go deeper than we do."""
        self._top_heading = max(min(self._top_heading, heading.tag), "h2")
        return "2" if heading.tag <= self._top_heading else "3"

    def _meet_figure(self, node: Any) -> None:
        classes = node.get("class", "")
        caption = " ".join(markup.plain(_outer(each)) for each in _captions(node))
        images = [*node.iter("img")]
        if "gallery" in classes or len(images) > 1:
            self._add_gallery(node)
        elif (frame := _first(node, "iframe", "embed")) is not None:
            self._add_embed(frame.get("src", ""), caption or frame.get("title", ""))
        elif "wp-block-embed" in classes:
            self._meet_embed_figure(node, caption)
        elif images:
            self._add_picture(images[0], caption)
        elif (media := _first(node, "video", "audio")) is not None:
            self._meet_media(media)
        elif (quote := _first(node, "blockquote")) is not None:
            self._meet_quote(quote)
        elif _has(node, "table", "pre"):
            self._keep(node)
        else:
            self.through(node)

    def _meet_embed_figure(self, node: Any, caption: str) -> None:
        addresses = re.findall(r"https?://[^\s<>\"]+", _words(node))
        links = [anchor.get("href", "") for anchor in node.iter("a")]
        if address := next(iter([*addresses, *reversed(links)]), ""):
            self._add_embed(address, caption)
        else:
            self.through(node)

    def _meet_image(self, node: Any) -> None:
        self._add_picture(node, "")

    def _meet_frame(self, node: Any) -> None:
        self._add_embed(node.get("src", ""), node.get("title", ""))

    def _meet_media(self, node: Any) -> None:
        source = _first(node, "source")
        address = node.get("src") or (source.get("src", "") if source is not None else "")
        self._add_media(address)

    def _meet_quote(self, node: Any) -> None:
        links = [anchor.get("href", "") for anchor in node.iter("a")]
        if _POST_CARD.search(node.get("class", "")) and links:
            self._add_embed(links[-1], markup.plain(_outer(node)))
        elif links or _has(node, *_BLOCKS - {"p", "div"}):
            self._keep(node)
        else:
            who = [each for each in node.iter("cite", "footer") if each.getparent() is not None]
            said_by = " ".join(markup.plain(_outer(each)) for each in who[:1])
            for each in who[:1]:
                each.drop_tree()
            text = "\n\n".join(_paragraph_texts(node))
            if text:
                quote = {"text": text, "who": self._shorten(said_by, TITLE_LENGTH)}
                self.blocks.append(("quote", quote))

    def _meet_list(self, node: Any) -> None:
        if "gallery" in node.get("class", "") and _has(node, "img"):
            self._add_gallery(node)
            return
        items = [_item(each) for each in node.iterchildren("li")]
        is_plain = node.get("start", "1") == "1" and not any(
            each.get("id") or _has(each, *_BLOCKS - {"p", "img"})
            for each in node.iterchildren("li")
        )
        if not is_plain:
            self._keep(node)
            return
        if items := [item for item in items if markup.plain(item)]:
            self.blocks.append(("list", {"items": items, "numbered": node.tag == "ol"}))
        self._add_pictures_in(node)

    def _meet_call_out(self, node: Any) -> None:
        if _has(node, *_BLOCKS - {"p", "div"}):
            self.through(node)
        elif words := [*_paragraph_texts(node)]:
            inner = [markup.inline(_inner(each)) for each in node.iter("p")]
            inner = inner or [escape(text, quote=False) for text in words]
            text = "".join(f"<p>{each}</p>" for each in inner)
            self.blocks.append(("call_out", {"title": "", "text": text}))

    def _meet_kept(self, node: Any) -> None:
        self._keep(node)

    def _keep(self, node: Any) -> None:
        """Keep an element as HTML; its pictures follow as blocks of their own."""
        for caption in node.iter("figcaption"):
            caption.tag = "p"
        html = kept(_outer(node))
        if markup.plain(html) or html == "<hr>":
            self.blocks.append(("imported", html))
        self._add_pictures_in(node)

    def _add_pictures_in(self, node: Any) -> None:
        for image in node.iter("img"):
            self._add_picture(image, "")

    def _add_gallery(self, node: Any) -> None:
        rows = []
        for image in node.iter("img"):
            frame = next(image.iterancestors("figure", "li", "dl"), None)
            own = _captions(frame) if frame is not None and frame is not node else []
            caption = " ".join(markup.plain(_outer(each)) for each in own)
            if found := self._find(image, caption):
                alt = image.get("alt", "") or found.alt
                rows.append(self._picture_value(found, alt, caption))
        if rows:
            self.blocks.append(("gallery", {"pictures": rows}))
        for caption in node.iterchildren("figcaption"):
            self._add_paragraph(f"<i>{escape(markup.plain(_outer(caption)))}</i>")

    def _add_picture(self, image: Any, caption: str) -> None:
        link = next(image.iterancestors("a"), None)
        href = link.get("href", "") if link is not None else ""
        found = self._find(image, caption)
        if is_embeddable(href):
            self._add_embed(href, caption or image.get("alt", ""), poster=found)
            return
        if href and not re.search(r"\.(jpe?g|png|gif|webp|avif)$", href, re.IGNORECASE):
            self.notes.add("links of pictures left out", href)
        if found:
            alt = image.get("alt", "") or found.alt
            self.blocks.append(("picture", self._picture_value(found, alt, caption)))

    def _find(self, image: Any, caption: str) -> FoundPicture | None:
        """The picture, or None after writing down what is known of it."""
        frame = next(image.iterancestors("figure"), image)
        classes = f"{image.get('class', '')} {frame.get('class', '')}"
        number = _NUMBER.search(classes)
        source = image.get("src", "")
        found = self.old.picture(source, number[1] if number else "")
        if found is None:
            self.notes.add("pictures that are missing", source)
            if words := caption or image.get("alt", "").strip():
                self._add_paragraph(f"<i>{escape(words)}</i>")
        return found

    def _picture_value(self, found: FoundPicture, alt: str, caption: str) -> dict[str, Any]:
        caption = self._shorten(caption, CAPTION_LENGTH)
        if not alt.strip():
            self.notes.add(MUTE, f"picture {found.pk}")
        return {"picture": found.pk, "alt": alt.strip(), "caption": caption, "credit": ""}

    def _add_button(self, anchor: Any) -> None:
        words = markup.plain(_outer(anchor))
        if words:
            self._add_link(anchor.get("href", ""), words, "")

    def _add_link(self, address: str, title: str, note: str) -> None:
        page = page_of(address)
        title = markup.plain(title) or host_of(page) or address
        note = self._shorten(markup.plain(note), TITLE_LENGTH)
        if page:
            title = self._shorten(title, TITLE_LENGTH)
            self.blocks.append(("link", {"title": title, "address": page, "note": note}))
        else:  # a place on the old site
            self._add_paragraph(f'<a href="{escape(self.old.link(address))}">{escape(title)}</a>')

    def _add_embed(self, address: str, title: str, *, poster: FoundPicture | None = None) -> None:
        page = page_of(address)
        if not page:
            self.notes.add("embeds without an address", address)
            return
        title = self._shorten(title or host_of(page), TITLE_LENGTH)
        picture = poster.pk if poster else None
        self.blocks.append(("embed", {"address": page, "title": title, "poster": picture}))

    def _add_media(self, address: str, title: str = "") -> None:
        if not address:
            return
        self.notes.add("sound, film and other files left at the old site", address)
        name = title or unquote(urlsplit(address).path.rpartition("/")[2]) or address
        link = f'<p><a href="{escape(self.old.link(address))}">{escape(name)}</a></p>'
        self.blocks.append(("imported", kept(link)))

    def _shorten(self, words: str, length: int) -> str:
        if len(words) > length:
            self.notes.add("texts cut to fit", words)
            return words[: length - 1].rstrip() + "…"
        return words


_HANDLERS = (
    dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading")
    | dict.fromkeys(("ul", "ol"), "list")
    | dict.fromkeys(("pre", "table", "dl", "hr", "details", "address"), "kept")
    | dict.fromkeys(("iframe", "embed"), "frame")
    | dict.fromkeys(("video", "audio"), "media")
    | {"figure": "figure", "img": "image", "blockquote": "quote"}
)


def _holds_blocks(node: Any) -> bool:
    return _has(node, *_BLOCKS)


def _first(node: Any, *tags: str) -> Any:
    return next(node.iterdescendants(*tags), None)


def _has(node: Any, *tags: str) -> bool:
    return _first(node, *tags) is not None


def _captions(node: Any) -> list[Any]:
    """The captions of a figure, in either of WordPress's notations."""
    old_style = node.xpath(".//*[contains(@class, 'wp-caption-text') or self::dd]")
    return [*node.iter("figcaption")] or old_style


def _outer(node: Any) -> str:
    return str(etree.tostring(node, encoding="unicode", method="html", with_tail=False))


def _inner(node: Any) -> str:
    return escape(node.text or "", quote=False) + "".join(
        str(etree.tostring(child, encoding="unicode", method="html")) for child in node
    )


def _words(node: Any) -> str:
    return "".join(node.itertext())


def _item(node: Any) -> str:
    """The inside of a list item on one line, its paragraphs parted by line breaks."""
    html = re.sub(r"</p>\s*<p\b[^>]*>", "<br>", _inner(node))
    return markup.inline(html.replace("\n", " "))


def _paragraph_texts(node: Any) -> list[str]:
    """The texts of the paragraphs inside, without markup."""
    html = re.sub(r"</(?:p|div|li|h\d)>|<br>", "\n\n", _inner(node))
    texts = [markup.plain(piece) for piece in _PARAGRAPHS.split(html)]
    return [text for text in texts if text]
