"""What an editor is told, and what an editor must do, before a story goes out."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from pypdf import PdfWriter
from wagtail.blocks import StreamValue
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from tamizdat.staff.models import User
from tamizdat.stories.blocks import Body
from tamizdat.stories.leaks import leaks
from tamizdat.stories.metadata import told_by
from tamizdat.stories.models import ReadMorePick, Story
from tests.conftest import NOON
from tests.editions.conftest import add_picture, add_story
from tests.editions.conftest import section as section
from tests.editions.conftest import site as site
from tests.stories.photographs import photograph


def linking(section, html):
    story = add_story(section, "The list")
    story.body = [("paragraph", html)]
    return story


def to_page(page):
    return f'<p><a linktype="page" id="{page.pk}">there</a></p>'


def to_document(content, name, **fields):
    document = Document.objects.create(title=name, file=ContentFile(content, name=name), **fields)
    return f'<p><a linktype="document" id="{document.pk}">there</a></p>'


def archive(**parts):
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        for name, content in parts.items():
            written.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


def pdf(**told):
    file, writer = BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata(told)
    writer.write(file)
    return file.getvalue()


CORE = (
    '<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Beso K.</dc:creator>'
    "<lastModifiedBy>Ana B.</lastModifiedBy></p>"
)


def test_a_link_to_what_is_embargoed_is_said(site, section):
    other = add_story(section, "The raid")
    other.unpublish()
    Story.objects.filter(pk=other.pk).update(go_live_at=NOON + timedelta(days=1))
    (says,) = leaks(linking(section, to_page(other)))

    assert "“The raid”, which is not published" in says
    assert "2026-11-23 12:00 UTC" in says


def test_a_link_to_a_private_page_is_said(site, section):
    other = add_story(section, "Sources")
    PageViewRestriction.objects.create(page=other, restriction_type="login")

    assert leaks(linking(section, to_page(other))) == ["It links to “Sources”, which is private."]


@pytest.mark.parametrize("start", ["", settings.SITE_ADDRESS])
@pytest.mark.parametrize("end", ["", "?from=desk", "#sources"])
def test_so_is_one_that_is_written_as_an_address(site, section, start, end):
    other = add_story(section, "Sources")
    address = f"{start}{other.url}{end}"
    PageViewRestriction.objects.create(page=other, restriction_type="login")

    assert leaks(linking(section, f'<p><a href="{address}">there</a></p>')) == [
        "It links to “Sources”, which is private."
    ]


def test_a_link_to_what_everyone_may_read_is_fine(site, section):
    assert leaks(linking(section, to_page(add_story(section, "Cranes")))) == []


def test_read_more_that_names_a_draft_is_said(site, section):
    story, other = add_story(section, "The list"), add_story(section, "The raid")
    other.unpublish()
    story.read_more_picks = [ReadMorePick(story=Story.objects.get(pk=other.pk))]

    assert "Read more names “The raid”" in leaks(story)[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (pdf(**{"/Author": "Ana B."}), ["Ana B."]),
        (pdf(**{"/Title": "Tides"}), []),
        (archive(docProps__core_xml=CORE), ["Beso K.", "Ana B."]),
        (archive(word__media__quay_jpg=photograph()), ["where quay.jpg was taken"]),
        (archive(word__document_xml="<p>Ana B.</p>"), []),
        (b"plain words", []),
        (b"%PDF-1.4 broken", []),
        (b"PK\x03\x04 broken", []),
        (archive(meta_xml="<not xml"), []),
    ],
    ids=range(9),
)
def test_what_a_document_tells_of_its_makers_is_found(content, told):
    assert told_by(BytesIO(content)) == told


def test_a_document_that_names_its_author_is_said(site, section):
    story = linking(section, to_document(pdf(**{"/Author": "Ana B."}), "tides.pdf"))

    assert leaks(story) == [
        "The document “tides.pdf” tells of “Ana B.”. Save it without, upload it anew."
    ]


def test_a_private_document_is_said(site, section):
    closed = Collection.get_first_root_node().add_child(name="Sources")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")

    (says,) = leaks(linking(section, to_document(pdf(), "list.pdf", collection=closed)))
    assert says == "The document “list.pdf” is private: readers get no file."


@pytest.fixture
def desk(client, newsroom):
    client.force_login(User.objects.create_superuser("ana", "ana@example.org", "x"))
    return client


def test_the_editor_shows_the_warnings_and_publishing_repeats_them(site, section, desk):
    other = add_story(section, "The raid")
    other.unpublish()
    story = linking(section, to_page(other))
    story.save_revision()
    page = desk.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()

    assert "It links to “The raid”" in page
    assert "Before you publish" in page


def test_a_page_that_gives_nothing_away_shows_no_panel(site, section, desk):
    page = desk.get(reverse("wagtailadmin_pages:edit", args=[add_story(section).pk]))

    assert "Before you publish" not in page.content.decode()


def body(picture, alt):
    value = {"picture": picture.pk, "alt": alt, "caption": "", "credit": ""}
    return StreamValue(Body(), [{"type": "picture", "value": value}], is_lazy=True)


def test_a_picture_that_says_nothing_can_be_saved_but_not_published(site, newsroom):
    mute = add_picture()
    with pytest.raises(ValidationError):
        Body().clean(body(mute, ""))

    assert Body().clean_deferred(body(mute, ""))
    assert Body().clean(body(mute, "A quay"))
    mute.description = "A quay at dusk"
    mute.save()
    assert Body().clean(body(mute, ""))


@pytest.mark.parametrize(
    ("alt", "is_publishing", "ok"),
    [
        ("", True, False),
        ("", False, True),
        ("A quay", True, True),
    ],
)
def test_so_does_a_lead_picture(site, section, alt, is_publishing, ok):
    story = add_story(section, lead_picture=add_picture())
    form_class = Story.get_edit_handler().get_form_class()
    form = form_class(instance=story, for_user=User.objects.create_superuser("ana"))
    if not is_publishing:
        form.defer_required_fields()
    form.cleaned_data = {"lead_picture": story.lead_picture, "lead_alt": alt, "slug": story.slug}
    form._errors = {}
    form.clean()

    assert ("lead_alt" not in form.errors) == ok


def test_the_desk_lists_the_pictures_that_say_nothing(site, desk):
    add_picture("Mute quay")
    said = add_picture("Told quay")
    said.description = "A quay"
    said.save()
    for name in ("pictures_without_words", "pictures_without_words_results"):
        page = desk.get(reverse(name)).content.decode()
        assert "Mute quay" in page
        assert "Told quay" not in page
