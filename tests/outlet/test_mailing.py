import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_lazy

from tamizdat.outlet import handing, mailing
from tamizdat.outlet.vault import vault

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture(autouse=True)
def letter(tmp_path, settings):
    (tmp_path / "letter.txt").write_text("{{ masthead.name }} wrote to {{ reader }}.\n\n\n")
    (tmp_path / "letter.html").write_text(
        '{% extends "outlet/mail.html" %}{% block content %}<p>{{ reader }}</p>{% endblock %}'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]


def write(subject="A letter", language="en"):
    letter = mailing.from_template(
        to="ana@example.org",
        subject=subject,
        template="letter",
        context={"reader": "<Ana>"},
        language=language,
    )
    handing.send(letter)


def test_a_mail_is_plain_text_with_html_beside_it():
    write()

    [message] = mail.outbox
    [html] = message.alternatives
    assert message.body == "Our paper wrote to <Ana>.\n"
    assert "<p>&lt;Ana&gt;</p>" in html.content


def test_a_mail_in_a_language_from_right_to_left_says_so():
    write(language="fa")

    assert '<html lang="fa" dir="rtl">' in mail.outbox[0].alternatives[0].content


def test_a_lazy_subject_is_in_the_language_of_the_mail():
    write(subject=gettext_lazy("Yes"), language="ru")

    assert mail.outbox[0].subject == "Да"


def test_a_line_break_in_a_subject_makes_no_header():
    write(subject="Hello\nBcc: everyone@example.org")

    assert mail.outbox[0].subject == "Hello Bcc: everyone@example.org"


def test_a_mail_calls_nothing_home():
    write()

    assert "http" not in mail.outbox[0].alternatives[0].content


def test_a_mail_server_that_refuses_is_told_without_the_address(settings):
    settings.EMAIL_BACKEND = "tests.outlet.test_mailing.RefusingBackend"

    with pytest.raises(mailing.MailNotSent) as error:
        write()
    assert "ana" not in str(error.value)
    assert error.value.__suppress_context__


def test_the_newsroom_has_a_vault():
    assert vault().open(vault().seal("ana@example.org")) == "ana@example.org"


class RefusingBackend(BaseEmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError(messages[0].to)
