"""Ghost's cards, in lexical and in mobiledoc, as HTML that the walk understands."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from tamizdat.stories.importing.notes import Notes

Card = Mapping[str, Any]

# What only made sense in a mail or to a member.
_LEFT_OUT = {
    "email": "text that only stood in mails",
    "email-cta": "text that only stood in mails",
    "paywall": "the line after which a text was for members",
    "signup": "a form to sign up for mails",
}
_markdown = MarkdownIt("commonmark", {"html": True, "breaks": True, "linkify": True})
_markdown.enable(["table", "strikethrough", "linkify"])
_markdown.use(footnote_plugin).use(sub_plugin).use(superscript_plugin)


def html_of(kind: str, card: Card, *, notes: Notes) -> str:
    """The HTML for one card; what a card held that does not come along is noted."""
    if why := _LEFT_OUT.get(kind):
        notes.add("cards left out", why)
        return ""
    if not _is_for_everyone(card):
        notes.add("cards left out", f"{kind} that only members saw")
        return ""
    if make := _KINDS.get(kind):
        return make(card)
    notes.add("cards that are not understood", kind)
    return _text(card, "html")


def _is_for_everyone(card: Card) -> bool:
    visibility = card.get("visibility")
    if not isinstance(visibility, Mapping):
        return True
    web = visibility.get("web")
    said = web.get("nonMember") if isinstance(web, Mapping) else visibility.get("showOnWeb")
    return said is not False


def _text(card: Card, *names: str) -> str:
    """The first of these that is a text with something in it."""
    values = (card.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value.strip()), "")


def _figure(inside: str, caption: str, *, classes: str = "") -> str:
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="{classes}">{inside}{below}</figure>' if inside else ""


def _picture(address: str, alt: str = "") -> str:
    return f'<img src="{escape(address)}" alt="{escape(alt)}">' if address else ""


def _hint(kind: str, *, address: str, words: str = "", inside: str = "") -> str:
    """What HTML has no element for; the walk reads it."""
    said = f'data-name="{escape(words)}" data-value="{escape(address)}"'
    return f'<div data-tz="{kind}" {said}>{escape(inside)}</div>' if address else ""


def _image(card: Card) -> str:
    picture = _picture(_text(card, "src"), _text(card, "alt"))
    if href := _text(card, "href"):
        picture = f'<a href="{escape(href)}">{picture}</a>'
    return _figure(picture, _text(card, "caption"))


def _gallery(card: Card) -> str:
    images = card.get("images")
    rows = [row for row in images if isinstance(row, Mapping)] if isinstance(images, list) else []
    inside = "".join(_image(row) for row in rows)
    return _figure(inside, _text(card, "caption"), classes="gallery")


def _bookmark(card: Card) -> str:
    about = card.get("metadata")
    about = about if isinstance(about, Mapping) else {}
    note = _text(card, "caption") or _text(about, "description")
    address = _text(card, "url") or _text(about, "url")
    return _hint("link", address=address, words=_text(about, "title"), inside=note)


def _embed(card: Card) -> str:
    about = card.get("metadata")
    title = _text(about, "title") if isinstance(about, Mapping) else ""
    if address := _text(card, "url"):
        return _hint("embed", address=address, words=_text(card, "caption") or title)
    return _figure(_text(card, "html"), _text(card, "caption"))


def _callout(card: Card) -> str:
    text, emoji = _text(card, "calloutText"), _text(card, "calloutEmoji")
    text = text if "<p" in text else f"<p>{text}</p>"
    return f"<aside>{text.replace('>', f'>{escape(emoji)} ', 1) if emoji else text}</aside>"


def _toggle(card: Card) -> str:
    summary = f"<summary>{_text(card, 'heading')}</summary>"
    return f"<details>{summary}{_text(card, 'content')}</details>"


def _code(card: Card) -> str:
    code = f"<pre><code>{escape(_text(card, 'code'), quote=False)}</code></pre>"
    return _figure(code, _text(card, "caption"))


def _file(card: Card) -> str:
    title, name = _text(card, "fileTitle"), _text(card, "fileName")
    about = _text(card, "fileCaption")
    link = _hint("media", address=_text(card, "src"), words=title or name)
    return link + (f"<p>{about}</p>" if about else "")


def _media(card: Card) -> str:
    caption = _text(card, "caption")
    link = _hint("media", address=_text(card, "src"), words=_text(card, "title", "fileName"))
    return link + (f"<p><em>{caption}</em></p>" if caption else "")


def _button(card: Card) -> str:
    return _hint("link", address=_text(card, "buttonUrl"), words=_text(card, "buttonText"))


def _header(card: Card) -> str:
    parts = [_figure(_picture(_text(card, "backgroundImageSrc")), "")]
    parts += [f"<h2>{_text(card, 'header')}</h2>", f"<p>{_text(card, 'subheader')}</p>"]
    return "".join([*parts, _button(card) if card.get("buttonEnabled") else ""])


def _product(card: Card) -> str:
    stars = card.get("productStarRating") if card.get("productRatingEnabled") else None
    parts = [
        _figure(_picture(_text(card, "productImageSrc")), ""),
        f"<h3>{_text(card, 'productTitle')}</h3>",
        f"<p>{'★' * stars}</p>" if isinstance(stars, int) and 0 < stars <= 5 else "",
        f"<div>{_text(card, 'productDescription')}</div>",
    ]
    if card.get("productButtonEnabled"):
        words, address = _text(card, "productButton"), _text(card, "productUrl")
        parts.append(_hint("link", address=address, words=words))
    return "".join(parts)


def _call_to_action(card: Card) -> str:
    parts = [_figure(_picture(_text(card, "imageUrl")), "")]
    parts += [f"<div>{_text(card, 'textValue')}</div>"]
    return "".join([*parts, _button(card) if card.get("showButton") else ""])


def _html(card: Card) -> str:
    return f"<div>{_text(card, 'html')}</div>"


def _markdown_card(card: Card) -> str:
    return f"<div>{_markdown.render(_text(card, 'markdown'))}</div>"


def _rule(_card: Card) -> str:
    return "<hr>"


_KINDS: dict[str, Callable[[Card], str]] = {
    "audio": _media,
    "bookmark": _bookmark,
    "button": _button,
    "call-to-action": _call_to_action,
    "callout": _callout,
    "card-markdown": _markdown_card,
    "code": _code,
    "codeblock": _code,
    "embed": _embed,
    "file": _file,
    "gallery": _gallery,
    "header": _header,
    "horizontalrule": _rule,
    "hr": _rule,
    "html": _html,
    "image": _image,
    "markdown": _markdown_card,
    "product": _product,
    "toggle": _toggle,
    "video": _media,
}
