"""Leaving with everything."""

import csv
import io
import json
import subprocess
from collections import Counter

import pyrage
import pytest
from django.core.files.images import ImageFile
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Message, Reminder
from tamizdat.appeals.months import Month
from tamizdat.appeals.reminding import Wish
from tamizdat.config import exporting
from tamizdat.config.exporting import ExportRefused
from tamizdat.funding import halting
from tamizdat.funding.halting import Scope
from tamizdat.funding.models import Contribution, Due, Supporter
from tamizdat.ledger.models import Line
from tamizdat.lib.money import Money
from tamizdat.payments import refunding
from tamizdat.stories.models import (
    Author,
    Authors,
    Byline,
    Correction,
    Front,
    Picture,
    Section,
    Story,
    StoryTopic,
    Topic,
    Topics,
)
from tests.conftest import NOON
from tests.funding.givers import give, wish
from tests.payments.banks import nowhere  # noqa: F401
from tests.stories.importing_inputs import png

KEY = pyrage.x25519.Identity.generate()
RECIPIENT = str(KEY.to_public())


def every(pieces, _count):
    return pieces


def leave(folder, key=RECIPIENT):
    return exporting.export(folder, key=key, take=agreed, watch=every)


def agreed():
    """The second person."""


def files_in(folder):
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def pages_in(folder, kind):
    paths = folder.glob(f"pages/*/{kind}/*.json")
    return [json.loads(path.read_text("utf-8")) for path in sorted(paths)]


def opened(folder, key=KEY):
    plain = pyrage.decrypt((folder / "supporters.age").read_bytes(), [key])
    return [json.loads(line) for line in plain.decode().splitlines()]


def interrupted(pieces, _count):
    for number, piece in enumerate(pieces):
        if number == 9:
            raise KeyboardInterrupt
        yield piece


CAST = [f"reader-{n}@readers.example" for n in range(3)]


@pytest.fixture
def paper(newsroom, nowhere, tmp_path, settings):  # noqa: F811
    """A newsroom in which there is something of everything."""
    settings.MEDIA_ROOT = tmp_path / "media"
    picture = Picture(title="Pier", description="A pier", caption="At dawn", credit="Ana")
    picture.file = ImageFile(io.BytesIO(png()), name="pier.png")
    picture.focal_point_x, picture.focal_point_y = 4, 5
    picture.focal_point_width, picture.focal_point_height = 2, 3
    picture.save()
    stories = print_stories(picture)
    Redirect.objects.create(old_path="/old", redirect_page=stories[0])
    for address, interval in zip(CAST, ("month", "year", "once"), strict=True):
        give(nowhere, wish(interval, address=address))
    given = give(nowhere, wish("once", address=""))
    refunding.refund(given, Money(100, "USD"), reason="a mistake of ours", number=1, now=NOON)
    halting.halt(Scope(country="BY"), reason="a new law", now=NOON, watch=every)
    month = Month.of(NOON.date()).plus(1)
    reminding.remember(Wish(address="later@readers.example", month=month, language="en"), now=NOON)
    return stories


def print_stories(picture):
    """One with everything, one with unpublished changes, one that only a revision knows."""
    front = Front.objects.get(locale__language_code="en")
    section = front.add_child(instance=Section(title="Sea", slug="sea"))
    author = Authors.objects.child_of(front).get().add_child(instance=Author(title="Ana"))
    topic = Topics.objects.child_of(front).get().add_child(instance=Topic(title="Tides"))
    whole = section.add_child(
        instance=Story(title="The <tide>", slug="вода", standfirst="It & rose")
    )
    whole.bylines.add(Byline(author=author))
    whole.story_topics.add(StoryTopic(topic=topic))
    whole.corrections.add(Correction(corrected_on=NOON.date(), text="It was <low> water."))
    whole.lead_picture, whole.body = picture, body(picture, whole)
    whole.save_revision().publish()
    changed = section.add_child(instance=Story(title="Said", slug="said"))
    changed.title = "Not said yet"
    changed.save_revision()
    draft = section.add_child(instance=Story(title="Nobody saw this", slug="nobody", live=False))
    draft.standfirst = "Only a revision has this"
    draft.save_revision()
    seal(section)
    return [whole, changed, draft]


def seal(section):
    """Another section, before this one in the menu, for staff alone."""
    courts = section.add_sibling("left", instance=Section(title="Courts", slug="courts"))
    courts.add_child(instance=Story(title="A sealed file", slug="sealed"))
    PageViewRestriction.objects.create(page=courts, restriction_type="login")


def body(picture, page):
    shown = {"picture": picture.pk, "alt": "A pier", "caption": "Dusk", "credit": "Beso"}
    link = f'<a linktype="page" id="{page.pk}">here</a>'
    values = [
        ("paragraph", f"<p>Water {link}</p>"),
        ("heading", {"text": "A <heading>", "level": "3"}),
        ("picture", shown),
        ("gallery", {"pictures": [shown, shown]}),
        ("quote", {"text": "It rose.\n\nIt fell.", "who": "Ana"}),
        ("list", {"items": [f"<b>one</b> {link}", "two"], "numbered": True}),
        ("link", {"title": "A & B", "address": "https://a.example/", "note": "C"}),
        ("call_out", {"title": "Mind", "text": "<p>the step</p>"}),
        ("embed", {"address": "https://a.example/v", "title": "V", "poster": picture.pk}),
        ("imported", "<pre>x</pre>"),
    ]
    return [{"type": kind, "value": value} for kind, value in values]


def test_leaving_and_what_is_in_the_boxes(paper, tmp_path, subtests):
    folder = tmp_path / "leaving"
    with pytest.raises(KeyboardInterrupt):
        exporting.export(folder, key=RECIPIENT, take=agreed, watch=interrupted)
    done = leave(folder)
    for check in CHECKS:
        with subtests.test(check.__name__):
            check(folder, done)


def every_word_of_a_body_is_in_its_html(folder, _done):
    [path] = folder.glob("pages/en/stories/*вода.html")
    text = path.read_text("utf-8")
    for words in (
        "The &lt;tide&gt;",
        "It &amp; rose",
        "A &lt;heading&gt;",
        "Dusk Beso",
        "It fell.",
    ):
        assert words in text
    for words in ("<b>one</b>", "A &amp; B", "the step", "https://a.example/v", "<pre>x</pre>"):
        assert words in text
    assert "It was &lt;low&gt; water." in text


def every_page_is_there_as_the_database_has_it(folder, done):
    for kind, model in (("sections", Section), ("authors", Author), ("topics", Topic)):
        titles = Counter(page["title"] for page in pages_in(folder, kind))
        assert Counter(model.objects.values_list("title", flat=True)) <= titles
    written = {page["id"]: page for page in pages_in(folder, "stories") if not page["is_draft"]}
    assert len(written) == Story.objects.live().count() == done.counts["stories"]
    for story in Story.objects.live():
        page = written[story.pk]
        assert page["body"] == json.loads(json.dumps(list(story.body.raw_data)))
        authors = [row.author.title for row in story.bylines.all()]
        topics = [row.topic.title for row in story.story_topics.all()]
        assert [author["name"] for author in page["authors"]] == authors
        assert [topic["name"] for topic in page["topics"]] == topics
        assert len(page["corrections"]) == story.corrections.count()
        assert (page["address"], page["title"]) == (story.url, story.title)


def drafts_are_there_and_say_so(folder, _done):
    drafts = {page["title"]: page for page in pages_in(folder, "stories") if page["is_draft"]}
    assert set(drafts) == {"Not said yet", "Nobody saw this"}
    assert drafts["Nobody saw this"]["standfirst"] == "Only a revision has this"
    for path in folder.glob("pages/*/stories/*.html"):
        assert ("DRAFT" in path.read_text("utf-8")) == path.name.endswith(".draft.html")


def what_was_not_for_everyone_says_so(folder, _done):
    pages = pages_in(folder, "stories") + pages_in(folder, "sections")
    assert {p["title"] for p in pages if not p["is_for_everyone"]} == {"Courts", "A sealed file"}
    [path] = folder.glob("pages/en/stories/*-sealed.html")
    assert "PRIVATE" in path.read_text("utf-8")


def the_menu_has_its_order(folder, _done):
    sections = sorted(pages_in(folder, "sections"), key=lambda p: p["place_among_its_siblings"])
    assert [section["title"] for section in sections] == ["Courts", "Sea"]


def what_no_crop_may_cut_off_is_there(folder, _done):
    [row] = map(json.loads, (folder / "pictures/pictures.jsonl").read_text("utf-8").splitlines())
    assert (row["focal_point"], row["focal_area"]) == ([4, 5], [2, 3])


def every_picture_that_a_page_names_is_there(folder, done):
    assert done.counts["pictures"] == Picture.objects.count()
    for page in pages_in(folder, "stories"):
        lead = [page["lead_picture"]["file"]] if page["lead_picture"] else []
        for path in [*lead, *page["pictures"].values()]:
            assert (folder / path).stat().st_size
    about = (folder / "pictures/pictures.jsonl").read_text("utf-8").splitlines()
    rows = {row["file"]: row for row in map(json.loads, about)}
    for picture in Picture.objects.all():
        row = rows[f"pictures/{picture.pk}-{picture.file.name.rpartition('/')[2]}"]
        assert (row["shows"], row["caption"]) == (picture.description, picture.caption)


def links_in_the_html_lead_somewhere(folder, _done):
    for path in folder.glob("pages/*/*/*.html"):
        text = path.read_text("utf-8")
        assert "linktype" not in text
        assert 'href=""' not in text
        for source in text.split('src="')[1:]:
            assert (path.parent / source.partition('"')[0]).is_file()


def the_rest_of_the_outlet_is_there(folder, _done):
    assert "/old" in (folder / "redirects.csv").read_text("utf-8")
    messages = json.loads((folder / "outlet/messages.json").read_text("utf-8"))
    assert len(messages) == Message.objects.count()
    assert json.loads((folder / "outlet/mastheads.json").read_text("utf-8"))[0]["name"]


def what_was_halted_is_there_and_why(folder, _done):
    [halt] = json.loads((folder / "outlet/halts.json").read_text("utf-8"))
    assert (halt["country"], halt["reason"]) == ("BY", "a new law")


def what_was_given_back_is_there_and_why_and_only_sealed(folder, _done):
    [gift] = [row for row in opened(folder) if row["kind"] == "gift without an address"]
    [refund] = gift["given_back"]
    assert (refund["amount_in_minor_units"], refund["state"]) == (100, "succeeded")
    assert refund["reason"] == "a mistake of ours"
    assert not [1 for content, _at in files_in(folder).values() if b"a mistake of ours" in content]


def the_books_are_there_to_the_last_cent(folder, done):
    rows = csv.DictReader(io.StringIO((folder / "books/lines.csv").read_text("utf-8")))
    sums, count = Counter(), 0
    for row in rows:
        sums[row["entry"], row["currency"]] += int(row["amount_in_minor_units"])
        count += 1
    assert count == Line.objects.count() == done.counts["lines of the books"]
    assert set(sums.values()) == {0}


def no_address_and_no_token_is_readable(folder, _done):
    secret = [s.address.encode() for s in Supporter.objects.all()]
    secret += [r.address.encode() for r in Reminder.objects.all()]
    secret += [row["charged_through"]["token"].encode() for row in pledges_in(folder)]
    assert len(secret) == 6  # three supporters, a reminder, two pledges
    for content, _at in files_in(folder).values():
        assert not [each for each in secret if each in content]


def pledges_in(folder):
    rows = (pledge for row in opened(folder) for pledge in row.get("pledges", ()))
    return [pledge for pledge in rows if pledge["charged_through"]]


def the_key_opens_every_supporter_gift_and_reminder(folder, done):
    rows = opened(folder)
    supporters = {row["id"]: row for row in rows if row["kind"] == "supporter"}
    assert len(supporters) == Supporter.objects.count() == done.sealed["supporter"]
    for supporter in Supporter.objects.all():
        assert supporters[supporter.public_id]["address"] == supporter.address
        assert len(supporters[supporter.public_id]["pledges"]) == supporter.pledges.count()
    dues = sum(len(p["dues"]) for row in supporters.values() for p in row["pledges"])
    gifts = sum(len(row["gifts"]) for row in supporters.values())
    gifts += sum(row["kind"] == "gift without an address" for row in rows)
    assert (dues, gifts) == (Due.objects.count(), Contribution.objects.count())
    assert sum(row["kind"] == "reminder" for row in rows) == Reminder.objects.count() > 0


def nobody_else_opens_it(folder, _done):
    with pytest.raises(pyrage.DecryptError):
        opened(folder, pyrage.x25519.Identity.generate())


def the_sums_are_those_of_the_files(folder, done):
    checked = subprocess.run(
        ["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert checked.stdout + checked.stderr == b""
    listed = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    assert len(listed) == done.files == len(files_in(folder)) - 1


def a_second_run_touches_nothing(folder, _done):
    before = files_in(folder)
    assert leave(folder).changed == 0
    assert files_in(folder) == before


def without_the_key_the_sealed_file_of_before_stays(folder, _done):
    before = files_in(folder)
    assert leave(folder, key="").changed == 0
    assert files_in(folder) == before


def what_is_gone_here_goes_there_and_a_new_supporter_comes(folder, _done):
    gone = Redirect.objects.get()
    story = Story.objects.get(title="Nobody saw this")
    gone.delete()
    story.delete()
    Supporter.objects.first().erase()
    done = leave(folder)
    assert "Nobody saw this" not in [page["title"] for page in pages_in(folder, "stories")]
    assert done.is_sealed_part_new
    assert "" in [row["address"] for row in opened(folder) if row["kind"] == "supporter"]


CHECKS = [
    every_word_of_a_body_is_in_its_html,
    every_page_is_there_as_the_database_has_it,
    drafts_are_there_and_say_so,
    what_was_not_for_everyone_says_so,
    the_menu_has_its_order,
    what_no_crop_may_cut_off_is_there,
    every_picture_that_a_page_names_is_there,
    links_in_the_html_lead_somewhere,
    the_rest_of_the_outlet_is_there,
    what_was_halted_is_there_and_why,
    what_was_given_back_is_there_and_why_and_only_sealed,
    the_books_are_there_to_the_last_cent,
    no_address_and_no_token_is_readable,
    the_key_opens_every_supporter_gift_and_reminder,
    nobody_else_opens_it,
    the_sums_are_those_of_the_files,
    a_second_run_touches_nothing,
    without_the_key_the_sealed_file_of_before_stays,
    what_is_gone_here_goes_there_and_a_new_supporter_comes,
]


def test_without_a_key_the_rest_is_written_and_it_is_said_how_to_make_one(
    newsroom, tmp_path, capsys
):
    call_command("export", str(tmp_path / "leaving"))
    said = capsys.readouterr().out
    assert "LEFT OUT" in said
    assert "age-keygen" in said
    assert (tmp_path / "leaving/books/lines.csv").exists()
    assert not (tmp_path / "leaving/supporters.age").exists()


@pytest.mark.parametrize("key", ["age1nonsense", "AGE-SECRET-KEY-1QQQ", "ssh-ed25519 AAAA"])
def test_a_wrong_key_stops_it_before_anything_is_written(newsroom, tmp_path, key):
    with pytest.raises(CommandError, match="age") as refusal:
        call_command("export", str(tmp_path / "leaving"), key=key)
    assert key not in str(refusal.value)
    assert not (tmp_path / "leaving").exists()


def test_it_never_fills_a_folder_of_other_things_or_one_that_readers_see(
    newsroom, tmp_path, settings
):
    (tmp_path / "letter.txt").write_text("Dear Ana")
    with pytest.raises(ExportRefused, match="other things"):
        leave(tmp_path)
    settings.SITE_ROOT = tmp_path / "site"
    with pytest.raises(ExportRefused, match="readers' files"):
        leave(tmp_path / "site/leaving")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
