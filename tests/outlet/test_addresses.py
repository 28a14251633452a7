"""Which addresses are the software's own, and who is told so."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from tamizdat.config import answers
from tamizdat.outlet.addresses import RESERVED_SLUGS, file_of
from tamizdat.stories.models import Front, PlainPage
from tests.editions.conftest import add_section

pytestmark = pytest.mark.django_db


def test_every_name_that_a_program_answers_is_reserved():
    assert answers.NAMES["all"] <= RESERVED_SLUGS


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/ru/harbour/", "ru/harbour/index.html"),
        ("/old.htm", "old.htm"),
        ("/harbour/feed.xml", "harbour/feed.xml"),
        ("/v1.5/notes", "v1.5/notes/index.html"),
        ("/index.php", "index.php/index.html"),
        ("/Old.ASPX", "Old.ASPX/index.html"),
    ],
)
def test_an_address_with_the_name_of_a_file_is_that_file(address, file):
    assert file_of(address) == file


def front(language=settings.LANGUAGE_CODE):
    return Front.objects.get(locale__language_code=language)


def create(admin_client, parent, slug):
    address = reverse("wagtailadmin_pages:add", args=["stories", "plainpage", parent.pk])
    fields = {"title": "About", "slug": slug, "body-count": "0", "comments-TOTAL_FORMS": "0"}
    return admin_client.post(address, fields | {"comments-INITIAL_FORMS": "0"})


@pytest.mark.parametrize("slug", ["ru", "RU", "en", "count", "desk"])
def test_no_page_takes_the_front_of_another_language(newsroom, slug):
    with pytest.raises(ValidationError, match="belongs to the software"):
        front().add_child(instance=PlainPage(title="About", slug=slug, locale=front().locale))


@pytest.mark.parametrize("slug", ["ru", "count"])
def test_the_desk_says_that_an_address_is_taken(newsroom, admin_client, slug):
    answer = create(admin_client, front(), slug)

    assert answer.content.decode().count("This address belongs to the software") == 1
    assert not PlainPage.objects.exists()


def test_elsewhere_the_code_of_a_language_is_a_word_like_any_other(newsroom, admin_client):
    create(admin_client, front("ru"), "fa")
    about = front().add_child(
        instance=PlainPage(title="About", slug="about", locale=front().locale)
    )
    create(admin_client, about, "ru")

    assert set(PlainPage.objects.values_list("slug", flat=True)) == {"about", "fa", "ru"}


def test_a_page_is_not_moved_to_the_front_of_another_language(newsroom, admin_client):
    about, below = (PlainPage(title="A", slug=slug, locale=front().locale) for slug in ("a", "ru"))
    front().add_child(instance=about)
    about.add_child(instance=below)
    move = reverse("wagtailadmin_pages:move_confirm", args=[below.pk, front().pk])
    answer = admin_client.post(move, follow=True)

    assert "This address belongs to the software" in answer.content.decode()
    below.refresh_from_db()
    assert below.get_parent().pk == about.pk


@pytest.mark.parametrize(
    "old",
    [
        "/.well-known/tamizdat/edition.json",
        "https://paper.example/%2ewell-known/x",
        ".well-known?x=1",
        "/ru/checkout/",
        "/count",
    ],
)
def test_the_desk_says_that_no_redirect_leads_away_from_here(newsroom, admin_client, old):
    form = {"old_path": old, "is_permanent": "on", "redirect_link": "https://elsewhere.example/"}
    answer = admin_client.post(reverse("wagtailredirects:add"), form)

    assert "no redirect can lead away from it" in answer.content.decode()
    assert not Redirect.objects.exists()


def test_the_desk_takes_other_redirects(newsroom, admin_client):
    add_section()
    form = {"old_path": "/well-known/x", "redirect_link": "https://elsewhere.example/"}
    admin_client.post(reverse("wagtailredirects:add"), form)

    assert Redirect.objects.get().old_path == "/well-known/x"
