"""Issues and subscribers in one line."""

from datetime import date, timedelta

from wagtail.models import Locale

from tamizdat.newsletters import sending
from tamizdat.newsletters.models import Issue, IssueStory, Subscriber
from tamizdat.newsletters.models.subscriber import address_index, new_public_id
from tamizdat.outlet.vault import vault
from tamizdat.stories.models import Front, Section, Story
from tests.conftest import NOON

ROUND = timedelta(seconds=5)  # between two of the worker's


def a_story(title="The harbour at night", *, language="en", body=(), **fields):
    front = Front.objects.get(locale__language_code=language)
    section = Section.objects.child_of(front).filter(slug="harbour").first()
    section = section or front.add_child(instance=Section(title="Harbour", slug="harbour"))
    blocks = list(body) or [("paragraph", "<p>Lamps go out at <b>nine</b>.</p>")]
    story = Story(title=title, first_published_at=NOON, body=blocks, **fields)
    return section.add_child(instance=story)


def an_issue(*stories, language="en", subject="What the harbour hides", **fields):
    locale = Locale.objects.get(language_code=language)
    issue = Issue.objects.create(locale=locale, subject=subject, **fields)
    for place, story in enumerate(stories or [a_story(language=language)]):
        IssueStory.objects.create(of=issue, story=story, sort_order=place)
    return issue


def subscribe(*addresses, language="en"):
    Subscriber.objects.bulk_create(
        [
            Subscriber(
                public_id=new_public_id(),
                index=address_index(address),
                sealed_address=vault().seal(address),
                language=language,
                confirmed_on=date(2026, 11, 1),
            )
            for address in addresses
        ],
        batch_size=2_000,
    )


def readers(count):
    return [f"reader-{n}@readers.example" for n in range(count)]


def make_due(issue, *, now=NOON):
    assert issue.move_to(Issue.State.DUE, send_at=now)
    return issue


def work(*, rounds, now=NOON):
    """As many rounds of a worker, one after the other. How many mails each brought out."""
    return [sending.send_due(now=now + n * ROUND) for n in range(rounds)]
