"""The demo's newsletter: who wished for it, one that has gone out, and the next as a draft."""

from collections.abc import Collection
from datetime import datetime, timedelta

from wagtail.models import Locale

from tamizdat.demo.content import Paper
from tamizdat.newsletters import links, sending, subscribing
from tamizdat.newsletters.models import Issue, IssueStory, SignUp, Subscriber
from tamizdat.newsletters.models.subscriber import address_index
from tamizdat.stories.models import Story

SUBSCRIBERS = {"en": 64, "ru": 41, "fa": 23}
EVERY = timedelta(days=4)  # one more confirms
SENT_BEFORE = timedelta(days=6)


def gather(languages: Collection[str], *, now: datetime) -> None:
    """Readers sign up and confirm, by the road that all take. Repeating it is harmless."""
    wishes = ((now - n * EVERY, code, n) for code in languages for n in range(SUBSCRIBERS[code]))
    for at, language, number in sorted(wishes):
        address = f"letters-{language}-{number}@readers.example"
        index = address_index(address)
        if Subscriber.objects.filter(index=index).exists():
            continue
        subscribing.sign_up(address=address, language=language, now=at)
        asked = SignUp.objects.get(index=index)
        subscribing.confirm(links.to_confirm(asked.public_id, now=at), now=at)


def write(paper: Paper, *, now: datetime) -> None:
    """Send the last one, and begin the next. The mail server is whatever the settings say."""
    locale = Locale.objects.get(language_code=paper.language)
    if Issue.objects.filter(locale=locale).exists():
        return
    words = paper.outlet["newsletter"]
    stories = list(Story.objects.live().filter(locale=locale).order_by("-first_published_at")[:6])
    sent = _compose(locale, words["sent"], stories[3:])
    _compose(locale, words["next"], stories[:3])
    at = now - SENT_BEFORE
    sent.move_to(Issue.State.DUE, send_at=at)
    sending.set_out(sent, now=at)
    while sent.state == Issue.State.OUT:
        sending.send_due(now=at)
        sent.refresh_from_db()


def _compose(locale: Locale, words: dict[str, str], stories: list[Story]) -> Issue:
    issue = Issue(locale=locale, subject=words["subject"], intro=words["intro"])
    issue.picks = [IssueStory(story=story) for story in stories if not story.is_sensitive]
    issue.save()
    return issue
