"""What a reader of some kind would be asked, for whoever writes a message at the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from tamizdat.appeals import listing
from tamizdat.appeals.choosing import ASKING, MINUTES_A_DAY, Asks, Reader, Rule, choose
from tamizdat.appeals.models import Asking, Message
from tamizdat.appeals.models.experiment import WHOLE
from tamizdat.appeals.models.readers import (
    CLOSED,
    COUNTRY,
    DANGER,
    GAVE,
    LATER,
    PHONE,
    SCRIPTLESS,
    SEEN,
    UNKNOWN,
    words_of,
)

A_MONTH = 30
_CONDITIONS = {
    "countries": "where it is shown",
    "not_countries": "where it is not shown",
    "sections": "its sections",
    "not_sections": "the sections it stays out of",
    "topics": "its topics",
    "not_topics": "the topics it stays out of",
    "device": "the device",
    "begins": "when it begins",
    "ends": "when it ends",
    "read": "how many stories they have read",
    "views": "how often they have seen it",
    "closed": "that they closed it",
    "gave": "that they gave",
    "later": "that they asked to be reminded",
}


@dataclass(frozen=True)
class Previewed:
    """What stands on the previewed page, and why."""

    banner: Message | None
    ask: Message | None
    note: str
    is_scriptless: bool = False


def previewed(message: Message, mode: str, *, page: Any, now: datetime) -> Previewed:
    """What such a reader would see on `page` if `message` were published as it is."""
    language = message.locale.language_code
    if message.placement not in Message.CHOSEN:
        return Previewed(None, message, "These words, wherever they stand.")
    if mode == SCRIPTLESS:
        return _in_the_page(message, language, now)
    candidates = Message.objects.listed(language, draft=message)
    asks = listing.of_messages(candidates, language, now=now, address_of=str)
    reader = reader_of(mode, message, page=page, now=now)
    if mode == DANGER:
        reader["country"] = (asks["never"] or [reader["country"]])[0]
    by_key = {each.key: each for each in candidates}
    banner = by_key.get(choose(asks, "banner", reader).message)
    ask = by_key.get(choose(asks, "ask", reader).message)
    reason = "" if message in (banner, ask) else _reason(asks, message, reader)
    return Previewed(banner, ask, f"A reader {words_of(mode)}. {reason}")


def reader_of(mode: str, message: Message, *, page: Any, now: datetime) -> Reader:
    """Someone who opens `page` now."""
    minute = int(now.timestamp()) // 60
    today = minute // MINUTES_A_DAY
    place = str(message.placement)
    topics = page.story_topics.all() if hasattr(page, "story_topics") else []
    changes: dict[str, dict[str, Any]] = {
        SEEN: {"views": [(place, today - day) for day in range(3)]},
        CLOSED: {"closed": {place: today - 1}},
        GAVE: {"gave": today - A_MONTH},
        LATER: {"later": today - 1},
        PHONE: {"device": "phone"},
        UNKNOWN: {"country": ""},
    }
    if mode.startswith(COUNTRY):
        changes[mode] = {"country": mode.removeprefix(COUNTRY)}
    reader = {
        "country": "elsewhere",
        "section": str(page.get_parent().pk),
        "topics": [str(each.topic_id) for each in topics],
        "sensitive": getattr(page, "is_sensitive", False),
        "device": "desktop",
        "minute": minute,
        "number": WHOLE - 1,  # never held back
        "reads": {},
        "views": [],
        "closed": {},
        "arms": _arm_of(message),
    }
    return cast(Reader, reader | changes.get(mode, {}))


def _arm_of(message: Message) -> dict[str, str]:
    return {message.arm.experiment.key: message.arm.name} if message.arm else {}


def _in_the_page(message: Message, language: str, now: datetime) -> Previewed:
    found = {place: Message.objects.in_page(place, language=language, now=now) for place in ASKING}
    standing = {place: message if each == message else each for place, each in found.items()}
    is_wary = Asking.ours().is_wary_in(language)
    if message.is_standing and message.holds_at(now) and not is_wary:
        standing[str(message.placement)] = message
    is_there = message in standing.values()
    note = "" if is_there else "They see what is in the page itself, and this message is not."
    words = f"A reader {words_of(SCRIPTLESS)}. {note}"
    return Previewed(standing["banner"], standing["ask"], words, is_scriptless=True)


def _reason(asks: Asks, message: Message, reader: Reader) -> str:
    """Why `message` is not shown: the conditions any of which alone keeps it away."""
    rule = next(each for each in asks["rules"] if each["id"] == message.key)
    place = rule["place"]
    if _is_shown(asks, rule, place, reader):
        return "Another message comes first, or the place is another one."
    keep_away = [
        words
        for name, words in _CONDITIONS.items()
        if name in rule and _is_shown(asks, _without(rule, name), place, reader)
    ]
    if keep_away:
        return f"They do not see this message, because of {' and '.join(keep_away)}."
    return "They do not see this message: a safety notice comes first, or several conditions fail."


def _is_shown(asks: Asks, rule: Rule, place: str, reader: Reader) -> bool:
    alone = cast(Asks, {**asks, "rules": [rule]})
    return choose(alone, place, reader).message == rule["id"]


def _without(rule: Rule, name: str) -> Rule:
    return cast(Rule, {key: value for key, value in rule.items() if key != name})
