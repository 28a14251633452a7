"""An editor composes a newsletter, tries it out, sends it, and learns nothing of who reads."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.utils import timezone
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from tamizdat.newsletters import sending
from tamizdat.newsletters.models import Issue
from tamizdat.staff.models import User
from tests.newsletters.making import a_story, an_issue, make_due, subscribe

pytestmark = pytest.mark.usefixtures("newsroom")
SNIPPET = "/desk/snippets/newsletters/issue"


@pytest.fixture
def editor(client):
    user = User.objects.create_user("ana", password="not-a-secret", email="ana@lantern.example")
    user.groups.add(Group.objects.get(name="Editor"))
    client.force_login(user)
    return client


def form(*stories, subject="Fog", language="en"):
    return nested_form_data(
        {
            "locale": Locale.objects.get(language_code=language).pk,
            "subject": subject,
            "intro": rich_text("<p>Dear readers,</p>"),
            "asks": "on",
            "picks": inline_formset(
                [{"story": each.pk, "ORDER": place} for place, each in enumerate(stories)]
            ),
        }
    )


def page_of(editor, issue):
    return editor.get(f"/desk/newsletters/{issue.pk}/").content.decode()


def test_it_is_composed_tried_out_and_sent(editor):
    subscribe("odra@readers.example", "pia@readers.example")
    answer = editor.post(f"{SNIPPET}/add/", form(a_story("One"), a_story("Two")), follow=True)
    issue = Issue.objects.get()
    editor.post(f"/desk/newsletters/{issue.pk}/try/")
    assert f"/desk/newsletters/{issue.pk}/" in answer.content.decode()
    assert [message.to for message in mail.outbox] == [["ana@lantern.example"]]
    assert "Send it to 2 subscribers" in page_of(editor, issue)

    editor.post(f"/desk/newsletters/{issue.pk}/", {"send_at": ""})
    sending.send_due(now=timezone.now())
    sending.send_due(now=timezone.now())

    issue.refresh_from_db()
    assert (issue.state, issue.taken_count) == ("sent", 2)
    page = page_of(editor, issue)
    assert "Dear readers" in page
    assert "readers.example" not in page


def test_it_may_wait_for_its_hour_and_be_stopped_before(editor):
    issue = an_issue()
    tomorrow = timezone.localtime() + timedelta(days=1)
    editor.post(f"/desk/newsletters/{issue.pk}/", {"send_at": f"{tomorrow:%Y-%m-%d %H:%M}"})

    assert sending.send_due(now=timezone.now()) == 0
    assert Issue.objects.get().state == "due"
    editor.post(f"/desk/newsletters/{issue.pk}/stop/")
    assert Issue.objects.get().is_draft


def test_yesterday_is_no_hour_to_send_at(editor):
    issue = an_issue()
    answer = editor.post(f"/desk/newsletters/{issue.pk}/", {"send_at": "2026-01-01 10:00"})

    assert Issue.objects.get().is_draft
    assert "already" in answer.content.decode()


def test_what_cannot_go_says_why_and_has_no_button(editor):
    story = a_story()
    issue = an_issue(story)
    story.unpublish()
    page = page_of(editor, issue)
    editor.post(f"/desk/newsletters/{issue.pk}/", {"send_at": ""})
    editor.post(f"/desk/newsletters/{issue.pk}/try/")

    assert "not published" in page
    assert Issue.objects.get().is_draft
    assert mail.outbox == []


def test_what_has_gone_is_shown_and_not_changed(editor):
    issue = make_due(an_issue(), now=timezone.now())
    shown = editor.get(f"{SNIPPET}/edit/{issue.pk}/")
    editor.post(f"{SNIPPET}/edit/{issue.pk}/", form(a_story("Other"), subject="Other"))
    editor.post(f"{SNIPPET}/delete/{issue.pk}/")

    assert shown.url == f"/desk/newsletters/{issue.pk}/"
    assert Issue.objects.get().subject != "Other"


def test_the_home_page_says_how_many_want_it_and_what_went_last(editor):
    subscribe("odra@readers.example")
    make_due(an_issue(), now=timezone.now())
    for _ in range(2):
        sending.send_due(now=timezone.now())
    page = editor.get("/desk/").content.decode()

    assert "Subscribers, English" in page
    assert "What the harbour hides" in page
    assert "readers.example" not in page


@pytest.mark.parametrize("mode", ["html", "text"])
def test_the_preview_shows_what_is_not_saved_yet(editor, mode):
    issue = an_issue()
    address = f"{SNIPPET}/preview/{issue.pk}/"
    editor.post(f"{address}?mode={mode}", form(a_story("Salt"), subject="Salt and fog"))
    page = editor.get(f"{address}?mode={mode}").content.decode()

    assert "Dear readers" in page
    assert "Salt" in page


def test_a_reporter_may_not_send(client):
    issue = an_issue()
    user = User.objects.create_user("beso", password="not-a-secret")
    user.groups.add(Group.objects.get(name="Reporter"))
    client.force_login(user)
    for path in ("", "try/", "stop/"):
        client.post(f"/desk/newsletters/{issue.pk}/{path}", {"send_at": ""})

    assert Issue.objects.get().is_draft
    assert mail.outbox == []
