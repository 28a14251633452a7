"""WordPress's own notations, rewritten as elements with hints (`data-tz`) before HTML is read.

Block comments (`<!-- wp:image -->`) only frame HTML that says the same; shortcodes
(`[gallery ids="1,2"]`) stand for HTML that WordPress would make.
"""

import json
import re
from collections.abc import Callable, Mapping
from html import escape, unescape

from tamizdat.stories.importing.notes import Notes

_BLOCK = re.compile(
    r"<!--\s+(?P<close>/)?wp:(?P<name>[a-z][a-z0-9/_-]*)\s+(?P<json>\{.*?\}\s+)?(?P<void>/)?-->",
    re.DOTALL,
)
_PAGING = re.compile(r"<!--\s*(?:more\b.*?|nextpage|noteaser)\s*-->", re.DOTALL)
_CODE = re.compile(r"(<pre\b.*?</pre\s*>|<code\b.*?</code\s*>)", re.DOTALL | re.IGNORECASE)
_NAME = r"[a-z][a-z0-9_-]*"
_ATTRIBUTES = r"(?:\s+[^\[\]]*?)?"
_CLOSING = re.compile(rf"\[/({_NAME})\]", re.IGNORECASE)
_SINGLE = re.compile(
    rf"(?<!\[)\[(?P<name>{_NAME})(?P<attributes>{_ATTRIBUTES})\s*/?\](?!\])", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_BARE_ADDRESS = re.compile(r"^[ \t]*(https?://[^\s<>\"\[\]]+)[ \t]*$", re.MULTILINE)
_REUSE_DEPTH = 3

# Blocks whose own HTML says all there is; an unknown one is kept as HTML and listed.
_PLAIN_NAMES = (
    "paragraph heading list list-item image gallery quote pullquote table code preformatted verse "
    "html freeform separator spacer columns column group row stack cover media-text buttons button "
    "file audio video embed more nextpage details footnotes shortcode missing classic"
)
_PLAIN_BLOCKS = set(_PLAIN_NAMES.split())


def read_blocks(html: str, *, reusable: Mapping[str, str], notes: Notes, depth: int = 0) -> str:
    """Take the block comments out; what they alone say becomes an element."""

    def replace(match: re.Match[str]) -> str:
        name = match["name"].removeprefix("core/")
        if name.startswith("core-embed/"):
            name = "embed"
        settings = _settings(match["json"])
        if name == "block" and not match["close"]:
            return _reuse(str(settings.get("ref", "")), reusable, notes, depth)
        if name == "embed" and match["void"]:
            return hint("embed", value=str(settings.get("url", "")))
        if name in _PLAIN_BLOCKS or name == "block":
            return "\n" if not match["void"] else ""
        if match["void"]:
            notes.add("blocks made by WordPress itself", name)
            return ""
        if match["close"]:
            return "</div>"
        notes.add("unknown blocks kept as HTML", name)
        return f'<div data-tz="unknown" data-name="{escape(name)}">'

    return _PAGING.sub("\n\n", _BLOCK.sub(replace, html))


def _settings(text: str | None) -> dict[str, object]:
    try:
        settings = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return settings if isinstance(settings, dict) else {}


def _reuse(ref: str, reusable: Mapping[str, str], notes: Notes, depth: int) -> str:
    if ref not in reusable or depth >= _REUSE_DEPTH:
        notes.add("reusable blocks that are not in the export", ref)
        return ""
    return read_blocks(reusable[ref], reusable=reusable, notes=notes, depth=depth + 1)


def read_shortcodes(html: str, *, notes: Notes) -> str:
    """Put elements in the place of shortcodes, except in code."""
    parts = _CODE.split(html)
    for at in range(0, len(parts), 2):
        text = parts[at]
        # Only names that are closed somewhere: else each bracket would be searched for its end.
        if closed := {name.lower() for name in _CLOSING.findall(text)}:
            text = _pair(closed).sub(lambda match: _element(match, notes), text)
        text = _SINGLE.sub(lambda match: _element(match, notes), text)
        parts[at] = _BARE_ADDRESS.sub(_address_alone, text)
    return "".join(parts)


def _pair(names: set[str]) -> re.Pattern[str]:
    either = "|".join(re.escape(name) for name in sorted(names))
    return re.compile(
        rf"(?<!\[)\[(?P<name>{either})(?P<attributes>{_ATTRIBUTES})\]"
        rf"(?P<inside>(?:(?!\[(?P=name)\b).)*?)\[/(?P=name)\](?!\])",
        re.DOTALL | re.IGNORECASE,
    )


def _address_alone(match: re.Match[str]) -> str:
    return f"\n\n{escape(unescape(match[1]))}\n\n"


def _element(match: re.Match[str], notes: Notes) -> str:
    name = match["name"].lower()
    attributes = {
        key.lower(): double or single or bare
        for key, double, single, bare in _ATTRIBUTE.findall(match["attributes"] or "")
    }
    inside = match.groupdict().get("inside")
    if known := _KNOWN.get(name):
        return known(attributes, inside or "")
    if inside is None and not attributes:
        return match[0]  # [sic] is a word in brackets
    notes.add("shortcodes", name)
    if inside:
        return hint("unknown", name=name, inside=inside)
    words = " ".join(filter(None, (attributes.get("title"), attributes.get("caption"))))
    # Attributes may hold addresses and keys: only their titles are shown.
    shown = f"[{name}: {words}]" if words else f"[{name}]"
    return hint("unknown", name=name, inside=f"<p><code>{escape(shown)}</code></p>")


def hint(kind: str, *, name: str = "", value: str = "", inside: str = "") -> str:
    return (
        f'\n\n<div data-tz="{kind}" data-name="{escape(name)}" data-value="{escape(value)}">'
        f"{inside}</div>\n\n"
    )


def _caption(attributes: Mapping[str, str], inside: str) -> str:
    picture = re.match(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", inside, re.DOTALL)
    if not picture:
        return inside
    words = picture[2].strip() or escape(attributes.get("caption", ""))
    number = attributes.get("id", "").removeprefix("attachment_")
    figure = f'<figure class="wp-image-{escape(number)}">{picture[1]}'
    return f"\n\n{figure}<figcaption>{words}</figcaption></figure>\n\n"


def _gallery(attributes: Mapping[str, str], _inside: str) -> str:
    return hint("gallery", value=attributes.get("ids") or attributes.get("include", ""))


def _embed(attributes: Mapping[str, str], inside: str) -> str:
    return hint("embed", value=unescape(attributes.get("src") or inside).strip())


def _media(attributes: Mapping[str, str], inside: str) -> str:
    sources = ("src", "mp3", "mp4", "m4v", "webm", "ogg", "ogv", "m4a", "wav", "flac")
    source = next((attributes[key] for key in sources if attributes.get(key)), inside)
    return hint("media", value=unescape(source).strip())


_KNOWN: dict[str, Callable[[Mapping[str, str], str], str]] = {
    "caption": _caption,
    "wp_caption": _caption,
    "gallery": _gallery,
    "embed": _embed,
    "youtube": _embed,
    "vimeo": _embed,
    "audio": _media,
    "video": _media,
}
