"""An archive of a given size, generated."""

from datetime import timedelta

from tamizdat.stories.models import Byline, Section, Story, StoryTopic
from tests.conftest import NOON
from tests.theme.site import PROSE, body_of, make_paper

SECTIONS = 8


def fill(count: int) -> dict[str, str]:
    """Add the little paper, then stories of a thousand words until there are `count`.

    Where a story of a thousand words is, by language.
    """
    papers = make_paper(languages=["en", "ru"])
    english = papers["en"]
    sections = [
        english.front.add_child(instance=Section(title=f"Section {n}", slug=f"section-{n}"))
        for n in range(SECTIONS)
    ]
    body = body_of((PROSE / "en.txt").read_text())
    for number in range(Story.objects.filter(locale=english.front.locale).count(), count):
        at = NOON - timedelta(days=1, hours=number)
        story = sections[number % SECTIONS].add_child(
            instance=Story(
                title=f"Story number {number} of the harbour",
                slug=f"story-{number}",
                standfirst="What was said on the quay, and by whom.",
                body=body,
                locale=english.front.locale,
                first_published_at=at,
                last_published_at=at,
                bylines=[Byline(author=english.author)],
                story_topics=[StoryTopic(topic=english.topic)],
            )
        )
        story.keep_read_more()
    return {language: paper.story.url for language, paper in papers.items()}
