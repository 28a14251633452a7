"""What editors, prompts and machines do to a newsroom, for the law of the editions.

Each edit takes two numbers that choose what it is done to; where there is nothing, nothing is done.
"""

import contextlib
from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db.models import F
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import Locale, Page, PageViewRestriction

from tamizdat.appeals.models import Asking, Campaign, Message
from tamizdat.funding.models import AmountLadder, RiskRule
from tamizdat.outlet.models import Masthead
from tamizdat.stories.models import (
    Author,
    Authors,
    Byline,
    ChangeNote,
    Correction,
    Front,
    FrontPick,
    Picture,
    PlainPage,
    Section,
    Story,
    StoryTopic,
    Topic,
    Topics,
)
from tests.conftest import NOON

TITLES = ["Cranes fall silent", "Ferry late", "Fog", "Salt", "Tide tables", "The ninth berth"]


def begin():
    """Two sections, two authors, two topics, some stories, and a language more than needed."""
    for language in ("en", "ru"):
        front = Front.objects.get(locale__language_code=language)
        for title in ("Harbour", "Courts"):
            front.add_child(instance=Section(title=f"{title} {language}", locale=front.locale))
        for index, kind in ((Authors, Author), (Topics, Topic)):
            parent = index.objects.get(locale=front.locale)
            for name in ("Ana", "Beso"):
                child = kind(title=f"{kind.__name__} {name}", locale=front.locale)
                parent.add_child(instance=child)
    colour(0, 0)
    for number in range(3):
        publish(number, number)


def pick(queryset, number):
    rows = list(queryset.order_by("pk"))
    return rows[number % len(rows)] if rows else None


def with_a(model):
    """The edit is done to one of these, if there is one. A page's alias is not edited itself."""
    rows = {"alias_of": None} if issubclass(model, Page) else {}

    def decorate(edit):
        def do(number, other):
            if (row := pick(model.objects.filter(**rows), number)) is not None:
                edit(row, other)

        do.__name__ = edit.__name__
        return do

    return decorate


def publish(number, other):
    section = pick(Section.objects.all(), other)
    if section is None:
        return
    title = TITLES[number]
    body = [("paragraph", f"<p>{title}, and why. {_link(other)}</p>")]
    if picture := pick(Picture.objects.all(), number):
        block = {"picture": picture, "alt": "", "caption": "", "credit": ""}
        body.append(("picture", block))
    story = Story(title=title, locale=section.locale, body=body, live=False)
    story.lead_picture = picture if other % 2 else None
    same = {"locale": section.locale}
    story.bylines = [Byline(author=a) for a in Author.objects.filter(**same)[: number % 3]]
    story.story_topics = [StoryTopic(topic=t) for t in Topic.objects.filter(**same)[: other % 3]]
    section.add_child(instance=story)
    story.save_revision().publish()


def _link(number):
    page = pick(Page.objects.filter(depth__gt=1), number)
    return f'<a linktype="page" id="{page.pk}">as we said</a>' if page else ""


def schedule(number, other):
    publish(number, other)
    if story := Story.objects.order_by("pk").last():
        story.unpublish()
        story.go_live_at = NOON + timedelta(days=other + 1)
        story.expire_at = NOON + timedelta(days=20 + other)
        story.save_revision().publish()


@with_a(Story)
def fix_a_typo(story, other):
    story.body.append(("paragraph", f"<p>More of it, {other}.</p>"))
    story.save_revision().publish()


@with_a(Story)
def change_the_headline(story, other):
    story.title += f" {other}"
    story.save_revision().publish()


@with_a(Story)
def draft(story, other):
    story.title = f"Not yet {other}"
    story.save_revision()


@with_a(Story)
def change_the_slug(story, other):
    story.slug = f"{story.slug}-{other}"[:60]
    story.save_revision().publish()


@with_a(Story)
def sign_by_others(story, other):
    story.bylines = [
        Byline(author=a) for a in Author.objects.filter(locale=story.locale)[other % 3 :]
    ]
    story.save_revision().publish()


@with_a(Story)
def tag_anew(story, other):
    story.story_topics = [StoryTopic(topic=t) for t in Topic.objects.all()[other % 4 :]]
    story.save_revision().publish()


@with_a(Story)
def correct(story, other):
    story.corrections.add(Correction(corrected_on=NOON.date(), text=f"It was {other}."))
    story.save_revision().publish()


@with_a(Story)
def note_a_change(story, other):
    story.change_notes.add(ChangeNote(noted_on=NOON.date(), text=f"New: {other}."))
    story.save_revision().publish()


@with_a(Story)
def withdraw(story, _other):
    story.unpublish()


@with_a(Story)
def publish_again(story, _other):
    story.save_revision().publish()


@with_a(Story)
def delete(story, _other):
    story.delete()


@with_a(Story)
def move(story, other):
    if (section := pick(Section.objects.all(), other)) and section.pk != story.get_parent().pk:
        with contextlib.suppress(Exception):
            story.move(section, pos="first-child")


@with_a(Story)
def translate(story, other):
    russian = Locale.objects.get(language_code="ru")
    section = pick(Section.objects.filter(locale=russian), other)
    if section and story.locale != russian and not story.has_translation(russian):
        copy = story.copy_for_translation(russian, copy_parents=True)
        copy.save_revision().publish()


@with_a(Story)
def be_private(story, other):
    PageViewRestriction.objects.create(page=[story, story.get_parent()][other % 2])


def be_public_again(number, _other):
    if restriction := pick(PageViewRestriction.objects.all(), number):
        restriction.delete()


@with_a(Section)
def rename_a_section(section, other):
    section.title, section.slug = f"Quay {other}", f"quay-{section.pk}-{other}"
    section.save_revision().publish()


@with_a(Section)
def take_a_section_off_the_menu(section, _other):
    Section.objects.filter(pk=section.pk).update(show_in_menus=~F("show_in_menus"))


@with_a(Section)
def unpublish_a_section(section, other):
    section.unpublish(set_expired=False)
    if other % 2:
        section.get_descendants().update(live=False)


@with_a(Section)
def reorder(section, _other):
    section.move(section.get_parent(), pos="last-child")


@with_a(Author)
def rename_an_author(author, other):
    author.title = f"Cyr {other}"
    author.save_revision().publish()


@with_a(Author)
def delete_an_author(author, _other):
    author.delete()


def reword_the_masthead(number, other):
    Masthead.objects.filter(pk=pick(Masthead.objects.all(), number).pk).update(
        name=TITLES[other], legal_notice="A label." if other % 2 else ""
    )


def change_what_we_ask(number, other):
    message = pick(Message.objects.all(), number)
    message.is_on, message.text = bool(other % 3), f"{{outlet}} needs you, {other}"
    message.save()


def change_who_is_asked(number, other):
    message = pick(Message.objects.all(), number)
    message.countries, message.priority = ["", "BY, RU"][other % 2], other
    message.sections.set(Section.objects.all()[: other % 2])
    message.save()
    Asking.objects.update(is_off=other == 5, holdback=number)


def run_a_campaign(number, other):
    campaign = Campaign.objects.create(
        name="Ten years",
        is_on=bool(other % 2),
        begins_at=NOON + timedelta(days=other),
        ends_at=NOON + timedelta(days=other + 9),
    )
    Message.objects.filter(pk=pick(Message.objects.all(), number).pk).update(campaign=campaign)


def change_the_danger(number, other):
    RiskRule.objects.get_or_create(
        country=["BY", "RU"][number % 2],
        starts_on=NOON.date() + timedelta(days=7 * other),
        defaults={"action": ["never", "ask"][other % 2]},
    )


def change_the_amounts(number, other):
    ladder = pick(AmountLadder.objects.all(), number)
    ladder.most_minor += other
    ladder.presets_minor = [ladder.proposed_minor, ladder.proposed_minor + other]
    ladder.save()


def colour(number, other):
    file = BytesIO()
    Image.new("RGB", (60 + number, 40), (40 * number, 40 * other, 90)).save(file, "PNG")
    picture = Picture(title=f"Quay {number}", description="A quay")
    picture.file = ImageFile(file, name=f"quay-{number}-{other}.png")
    picture.save()


@with_a(Picture)
def focus(picture, other):
    picture.focal_point_x = picture.focal_point_y = 5 + other
    picture.focal_point_width = picture.focal_point_height = 5
    picture.credit = f"Photo {other}"
    picture.save()


def replace_the_file(number, other):
    picture = pick(Picture.objects.all(), number)
    colour(number, other + 1)
    newest = Picture.objects.order_by("pk").last()
    Picture.objects.filter(pk=picture.pk).update(
        file=newest.file.name, file_hash=newest.file_hash, width=newest.width, height=newest.height
    )


def add_a_document(number, other):
    document = Document.objects.create(
        title="Tides", file=ContentFile(f"{other}".encode(), name=f"tides-{number}.txt")
    )
    if story := pick(Story.objects.all(), number):
        link = f'<a linktype="document" id="{document.pk}">the tables</a>'
        story.body.append(("paragraph", f"<p>{link}</p>"))
        story.save_revision().publish()


def redirect(number, other):
    page = pick(Page.objects.filter(depth__gt=1), number)
    Redirect.objects.get_or_create(
        old_path=f"/old/{other}", site=None, defaults={"redirect_page": page}
    )


def redirect_a_page_away(number, _other):
    if story := pick(Story.objects.live(), number):
        Redirect.add_redirect(story.url, redirect_to="https://elsewhere.example/")


FILES = ["/x.html", "/x.html/y/", "/x.html/y.html", "/sitemap.xml", "/robots.txt", "/feed.xml"]


def redirect_from_a_file(number, other):
    """One below another, or where a file of ours stands."""
    page = pick(Page.objects.filter(depth__gt=1), other)
    Redirect.objects.get_or_create(
        old_path=Redirect.normalise_path(FILES[number]),
        site=None,
        defaults={"redirect_page": page, "is_permanent": bool(other % 2)},
    )


def redirect_a_feed_away(number, _other):
    if section := pick(Section.objects.all(), number):
        Redirect.add_redirect(f"{section.url}feed.xml", redirect_to="https://elsewhere.example/")


def drop_a_redirect(number, _other):
    if there := pick(Redirect.objects.all(), number):
        there.delete()


def choose_the_lead(number, other):
    front = Front.objects.get(locale__language_code="en")
    front.lead = pick(Story.objects.all(), number)
    if story := pick(Story.objects.all(), other):
        front.picks = [FrontPick(story=story)]
    front.save_revision().publish()


def write_about_us(number, other):
    front = pick(Front.objects.all(), number)
    page = PlainPage(title=f"About {other}", locale=front.locale)
    page.body = [("paragraph", f"<p>Who we are. {_link(other)}</p>")]
    front.add_child(instance=page)


def update_many_at_once(number, other):
    Page.objects.filter(depth__gt=number % 3 + 1).update(seo_title=f"Seen {other}")
    Story.objects.all().update(kicker=f"Kicker {other}")


EDITS = [value for value in list(vars().values()) if callable(value)]
EDITS = EDITS[EDITS.index(publish) :]
EDITS = [edit for edit in EDITS if edit.__name__ not in ("_link",)]
