"""What the demo newsroom has tried: two ways to ask, each for half of its readers."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from wagtail.models import Locale

from tamizdat.appeals.models import Arm, Experiment, Message, Tally
from tamizdat.demo.content import Paper
from tamizdat.demo.gifts import TRIED, TRIED_ON, YEAR
from tamizdat.funding.days import day_of

MET = (58, 74)  # browsers in each arm on a day


@transaction.atomic
def try_out(paper: Paper, *, now: datetime) -> None:
    """Write down an experiment that is over, and what browsers told of it. Harmless again."""
    told = paper.outlet["tried"]
    if Experiment.objects.filter(key=TRIED).exists():
        return
    first = now - timedelta(days=YEAR - TRIED_ON.start)
    experiment = Experiment.objects.create(
        key=TRIED,
        name=told["name"],
        planned=len(TRIED_ON) * sum(MET),
        began_at=first,
        ended_at=first + timedelta(days=len(TRIED_ON)),
    )
    locale = Locale.objects.get(language_code=paper.language)
    chance = random.Random(TRIED)  # noqa: S311 - nothing here is secret
    for words in told["arms"]:
        arm = Arm.objects.create(experiment=experiment, name=words["name"])
        said = {name: words[name] for name in ("headline", "text", "button", "note")}
        Message.objects.create(placement=Message.Placement.ASK, locale=locale, arm=arm, **said)
        days = (day_of(first + timedelta(days=n)) for n in range(len(TRIED_ON)))
        Tally.objects.bulk_create(Tally(arm=arm, day=day, **_told(chance)) for day in days)


def asks(languages: list[str], *, now: datetime) -> dict[str, str]:
    """The key of the message that asks, by language, and by arm of what was tried."""
    place = Message.Placement.ASK
    standing = {code: Message.objects.standing(place, language=code, now=now) for code in languages}
    found = {code: message.key for code, message in standing.items() if message}
    tried = Message.objects.filter(arm__experiment__key=TRIED)
    return found | dict(tried.values_list("arm__name", "key"))


def _told(chance: random.Random) -> dict[str, Any]:
    met = chance.randint(*MET)
    return {
        "met": met,
        "views": met + chance.randint(20, 60),
        "closes": chance.randint(0, 6),
        "clicks": chance.randint(1, 5),
    }
