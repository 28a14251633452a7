"""Mails that came back, as mail servers write them, and who is forgotten by them."""

import mailbox
from email import message_from_string
from email.message import EmailMessage
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from tamizdat.newsletters.models import Subscriber
from tamizdat.outlet import mailing, returned
from tests.newsletters.making import subscribe

ANA = "ana@example.org"


def sent_to(address=ANA):
    """A mail of ours, as it left."""
    mailing.written(to=address, subject="An issue", text="a", html="a").send()
    return mail.outbox[-1].message()


def report(of, *, to=ANA, status="5.1.1", action="failed", says="", quotes="message/rfc822"):
    """What a server writes back."""
    quoted = of.as_string()
    if quotes != "message/rfc822":
        quoted = quoted.partition("\n\n")[0]
    return message_from_string(
        "From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {says}\n\n"
        f"--b\nContent-Type: {quotes}\n\n{quoted}\n--b--\n"
    )


@pytest.fixture(autouse=True)
def subscribers(newsroom):
    subscribe(ANA, "beso@example.org")


def who_is_left():
    return {each.address for each in Subscriber.objects.all()}


@pytest.mark.parametrize("quotes", ["message/rfc822", "text/rfc822-headers"])
def test_an_address_at_which_nobody_is_goes_and_the_report_may_come_twice(quotes):
    came = report(sent_to(), quotes=quotes)

    assert returned.take_in([came, came]) == {returned.GONE: 2}
    assert who_is_left() == {"beso@example.org"}


@pytest.mark.parametrize(
    ("status", "says"),
    [("5.0.0", "550 5.1.1 no such user"), ("5.2.1", ""), ("5.1.10", ""), ("5.1.2", "")],
)
def test_these_say_that_nobody_is_there(status, says):
    assert returned.take_in([report(sent_to(), status=status, says=says)]) == {returned.GONE: 1}


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("5.2.2", "failed"),  # full
        ("5.7.1", "failed"),  # we are not liked
        ("5.1.8", "failed"),  # our own address
        ("4.1.1", "failed"),
        ("5.1.1", "delayed"),
        ("2.0.0", "delivered"),
        ("", "failed"),
    ],
)
def test_these_take_nobody_off_the_list(status, action):
    came = report(sent_to(), status=status, action=action)

    assert returned.take_in([came]) == {returned.KEPT: 1}
    assert ANA in who_is_left()


def test_nobody_at_an_address_to_which_a_mail_was_forwarded_takes_nobody_off_the_list():
    came = report(sent_to(), to="ana.at.work@elsewhere.example")

    assert returned.take_in([came]) == {returned.KEPT: 1}
    assert ANA in who_is_left()


def test_where_both_are_told_the_one_that_the_mail_was_written_to_counts():
    told = f"ana.at.work@elsewhere.example\nOriginal-Recipient: rfc822;{ANA.title()}"

    assert returned.take_in([report(sent_to(), to=told)]) == {returned.GONE: 1}
    assert ANA not in who_is_left()


def test_of_several_failures_the_one_at_its_own_address_counts():
    elsewhere = "ana.at.work@elsewhere.example\nAction: failed\nStatus: 5.1.1\n\n"
    full = report(sent_to(), to=f"{elsewhere}Final-Recipient: rfc822; {ANA}", status="5.2.2")

    assert returned.take_in([full]) == {returned.KEPT: 1}


def test_whoever_makes_a_report_up_takes_nobody_off_the_list():
    theirs = sent_to("eva@example.org")
    theirs.replace_header("To", ANA)
    invented = EmailMessage()
    invented["To"], invented["Message-ID"] = ANA, "<1.2@lantern.example>"
    nameless = EmailMessage()
    nameless["To"] = ANA

    came = [report(theirs), report(invented), report(nameless)]
    assert returned.take_in(came) == {returned.NOT_OURS: 3}
    assert ANA in who_is_left()


def test_a_name_in_letters_that_we_never_use_is_not_ours():
    came = report(sent_to()).as_string().replace("Message-ID: <", "Message-ID: <é.é")

    assert returned.take_in([message_from_string(came)]) == {returned.NOT_OURS: 1}


@pytest.mark.parametrize(
    "text", ["", "Subject: hello\n\nhello", "Content-Type: multipart/report\n\n"]
)
def test_what_is_no_report_does_nothing(text):
    assert returned.take_in([message_from_string(text)]) == {returned.NOT_OURS: 1}


@pytest.fixture(params=["mbox", "Maildir", "mail"])
def file(request, tmp_path):
    path = tmp_path / "bounces"
    if request.param == "mail":
        path.write_bytes(report(sent_to()).as_bytes())
        return path
    kind = mailbox.mbox if request.param == "mbox" else mailbox.Maildir
    box = kind(path)
    box.add(report(sent_to()))
    box.close()
    return path


def test_the_command_reads_whatever_mails_are_kept_in(file):
    said = StringIO()
    call_command("bounces", str(file), stdout=said)

    assert said.getvalue() == "nobody is there: 1\n"
    assert ANA not in who_is_left()


def test_the_command_takes_a_list_of_addresses(tmp_path):
    listed = tmp_path / "suppressed.txt"
    listed.write_text("\nAna@Example.org\nnobody@example.org\n")
    call_command("bounces", addresses=listed, stdout=StringIO())

    assert who_is_left() == {"beso@example.org"}


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="There is no"):
        call_command("bounces", str(tmp_path / "none"))
    with pytest.raises(CommandError, match="Name a file"):
        call_command("bounces")


def test_a_line_that_is_no_address_is_told(db, tmp_path):
    listed, said = tmp_path / "listed", StringIO()
    listed.write_text(f"pledge,{ANA},EUR\n\n{ANA}\n")

    call_command("bounces", addresses=listed, stdout=said)

    assert said.getvalue().splitlines() == [
        "forgotten, where they were kept: 1",
        "lines without an address alone: 1",
    ]
