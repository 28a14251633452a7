"""Mails on the desk while there is no server to send them."""

import html

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

from tamizdat.outlet import kept_mails

pytestmark = pytest.mark.usefixtures("newsroom")
LINK = "http://localhost:8000/manage/abc-def_123/"


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = kept_mails.FILE_BACKEND
    return settings.EMAIL_FILE_PATH


@pytest.fixture
def screen(folder, admin_client):
    return lambda **query: html.unescape(admin_client.get(reverse("mails"), query).content.decode())


def letter(subject="Thank you", *, text=f"Change it here: {LINK}\n", to="ana@reader.example"):
    mail = EmailMultiAlternatives(subject, text, "desk@paper.example", [to])
    mail.attach_alternative("<p>only for mail programs", "text/html")
    return mail


def keep(folder, count):
    folder.mkdir()
    for number in range(count):
        mail = letter(f"Letter {number:03}").message().as_bytes()
        (folder / f"20261122-{number:06}-1.log").write_bytes(mail + b"\n" + b"-" * 79 + b"\n")


def test_the_screen_says_why_it_is_there(screen):
    page = screen()

    assert "No mail server is set" in page
    assert "Nothing yet" in page


def test_a_mail_is_shown_with_its_link_live_and_its_reader_masked(screen):
    letter().send()

    page = screen()
    assert f'<a href="{LINK}"' in page
    assert "a…@reader.example" in page
    assert "ana@" not in page
    assert "only for mail programs" not in page


@pytest.mark.parametrize("words", ["Спасибо за 5 $", "سپاس", "=?utf-8?q?not_a_trick"])
def test_a_mail_in_any_writing_is_read_whole(screen, words):
    letter(words, text=f"{words}, " * 40).send()

    assert screen().count(words) == 41


def test_what_a_mail_says_is_never_markup(folder, admin_client):
    letter("<b>bold</b>", text="<script>alert(1)</script>").send()

    page = admin_client.get(reverse("mails")).content.decode()
    assert "<b>bold" not in page
    assert "<script>alert" not in page


def test_two_mails_in_one_file_are_two_and_a_ruled_line_parts_nothing(screen):
    ruled = letter("First", text=f"above\n{'-' * 79}\nbelow\n")
    get_connection().send_messages([ruled, letter("Second")])

    page = screen()
    assert page.count("<details") == 2
    assert page.index("Second") < page.index("First") < page.index("below")


def test_the_newest_is_first_and_only_one_page_of_files_is_opened(folder, screen):
    keep(folder, 60)
    (folder / "20261121-000000-1.log").mkdir()  # cannot be opened, so nobody tried

    assert screen().index("Letter 059") < screen().index("Letter 058")
    assert "Letter 010" not in screen()
    assert "Letter 010" in screen(p=2)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"Content-Type: text/plain; charset=x"])
def test_a_file_that_holds_no_mail_breaks_nothing(folder, screen, content):
    keep(folder, 1)
    (folder / "20261123-000000-1.log").write_bytes(content)

    assert "Letter 000" in screen()


def test_with_a_mail_server_there_is_no_such_screen(folder, settings, admin_client):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    assert admin_client.get(reverse("mails")).status_code == 404
    assert reverse("mails") not in admin_client.get("/desk/").content.decode()


def test_it_is_in_the_menu_while_mails_are_kept(folder, admin_client):
    assert reverse("mails") in admin_client.get("/desk/").content.decode()


def test_nothing_can_be_posted_to_it(folder, admin_client):
    assert admin_client.post(reverse("mails")).status_code == 405
