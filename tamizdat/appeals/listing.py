"""The public list of one language, from which readers' browsers choose."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from babel.core import get_global
from django.conf import settings
from django.utils.translation import get_language_bidi, override
from django.utils.translation import gettext as _

from tamizdat.appeals.choosing import Asks, Rule, Shares
from tamizdat.appeals.models import Asking, Experiment, Message
from tamizdat.appeals.models.conditions import codes
from tamizdat.funding import methods, policy
from tamizdat.funding.models import AmountLadder
from tamizdat.outlet.models import Masthead

AddressOf = Callable[[int], str | None]
NO_PAGE = "#"  # no page says that it is of this section or topic, also none of another site
MONTH = AmountLadder.Interval.MONTH
# What browsers say that hide where they are, and what computers say that nobody has told.
# Whatever begins with Etc/ they know for themselves.
HIDDEN = ("UTC", "GMT", "Atlantic/Reykjavik")
# CLDR names one country for each; these are of several in IANA's zone1970.tab, and in life.
DISPUTED = {"Europe/Simferopol": ("RU", "UA")}


class Listed(Asks):
    """What a browser needs beside, to ask."""

    zones: dict[str, str]  # country by time zone; empty: unknown. Any other zone: elsewhere
    close: str  # what the button that closes a banner says
    dir: str  # which way its words run, on pages that run another
    count: str  # where totals are posted


def listed(language: str, *, now: datetime, address_of: AddressOf) -> Listed:
    """The list as it is now. `address_of` tells the path of a section or topic, if it has one."""
    is_off = Asking.ours().is_off
    messages = [] if is_off else Message.objects.listed(language)
    return of_messages(messages, language, now=now, address_of=address_of)


def of_messages(
    messages: Sequence[Message], language: str, *, now: datetime, address_of: AddressOf
) -> Listed:
    """The same of these messages, in this order."""
    asking = Asking.ours()
    never = never_from(language, on=now.date())
    rules = [rule_of(message, address_of=address_of) for message in messages]
    named = {code for each in messages for code in each.named_countries()}
    with override(language):
        close, direction = _("Close"), "rtl" if get_language_bidi() else "ltr"
    return {
        "never": never,
        "unknown_is_never": asking.is_wary_in(language),
        "holdback": int(asking.holdback * 100),
        "tests": _tests(messages),
        "zones": zones_of([*never, *sorted(named)]),
        "close": close,
        "dir": direction,
        "count": f"{settings.GIVE_ADDRESS}/count/",
        "rules": rules,
    }


def never_from(language: str, *, on: date) -> list[str]:
    """The countries from which no way to pay may be used each month, as the ask proposes it."""
    currency = Masthead.objects.speaking(language).currency
    ways = list(methods.taking(currency, interval=MONTH)) or methods.all_of_them() or ["any"]
    never = [set(policy.never_from(MONTH, method=way, on=on)) for way in ways]
    return sorted(set.intersection(*never))


def rule_of(message: Message, *, address_of: AddressOf) -> Rule:
    """Who sees it, as browsers read it: what is no condition is left out."""
    begins, ends = message.times()
    has_views = message.views_most or message.views_between
    views = [message.views_most, message.views_days, message.views_between]
    arm = message.arm if message.arm and message.arm.experiment.is_on else None
    conditions: dict[str, Any] = {
        "countries": codes(message.countries),
        "not_countries": codes(message.not_countries),
        "device": message.device,
        "soft": message.is_soft,
        "begins": begins and _minute(begins),
        "ends": ends and _minute(ends),
        "views": views if has_views else None,
        "closed": message.closed_days,
        "gave": message.gave_days,
        "later": message.later_days,
        "test": arm and arm.experiment.key,
        "arm": arm and arm.name,
    }
    for name in ("sections", "not_sections", "topics", "not_topics"):
        pks = _pages_of(message, name)
        conditions[name] = [address for pk in pks if (address := address_of(pk))]
        if pks and not conditions[name]:
            conditions[name] = [NO_PAGE]  # they are gone: a story stands in none of them
    if message.read_least or message.read_most is not None:
        conditions["read"] = [message.read_least or 0, message.read_most, message.read_weeks]
    said = {name: value for name, value in conditions.items() if value}
    return {"id": message.key, "place": str(message.placement), **said}  # type: ignore[typeddict-item]


def zones_of(countries: Sequence[str]) -> dict[str, str]:
    """The country of each time zone of these, by all the names it has had; "" for the hidden.

    Of the countries of a disputed zone it is the one that comes first among these.
    """
    country_of = {
        zone: country
        for zone, country in get_global("zone_territories").items()
        if country in set(countries)
    }
    for zone, claimants in DISPUTED.items():
        if named := [country for country in countries if country in claimants]:
            country_of[zone] = named[0]
    for old, zone in get_global("zone_aliases").items():
        if zone in country_of:
            country_of[old] = country_of[zone]
    return dict(sorted((country_of | dict.fromkeys(HIDDEN, "")).items()))


def _pages_of(message: Message, name: str) -> list[int]:
    """Their primary keys, read without the pages: those are the business of `address_of`."""
    through = getattr(Message, name).through
    rows = through.objects.filter(message=message.pk).order_by("page_id")
    return list(rows.values_list("page_id", flat=True))


def _tests(messages: Iterable[Message]) -> dict[str, Shares]:
    keys = {each.arm.experiment.key for each in messages if each.arm}
    running = Experiment.objects.filter(key__in=keys, is_on=True).prefetch_related("arms")
    tests: dict[str, Shares] = {}
    for experiment in running.order_by("key"):
        arms = list(experiment.arms.all())
        tests[experiment.key] = {
            "arms": [arm.name for arm in arms],
            "shares": [arm.share for arm in arms],
        }
    return tests


def _minute(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp()) // 60
