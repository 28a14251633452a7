"""What the desk shows of a message, as readers of several kinds would see it."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Locale

from tamizdat.appeals import previewing
from tamizdat.appeals.models import Asking, Message
from tamizdat.appeals.models.readers import words_of
from tamizdat.funding.models import RiskRule
from tamizdat.staff.models import User
from tamizdat.stories.models import Front, Section, Story
from tests.appeals.test_messages import posted
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture
def story():
    front = Front.objects.get(locale__language_code="en")
    section = front.add_child(instance=Section(title="Harbour", slug="harbour"))
    return section.add_child(instance=Story(title="A lamp", slug="a-lamp"))


def draft(placement="banner", **fields):
    """A message that nobody has kept yet."""
    words = {"text": "We live on gifts", "headline": "A word"}
    words |= {"button": "Give {amount}" if placement == "ask" else "Give"}
    locale = Locale.objects.get(language_code="en")
    return Message(placement=placement, locale=locale, priority=1, **(words | fields))


def seen(message, mode, story):
    return previewing.previewed(message, mode, page=story, now=NOON)


@pytest.mark.parametrize("mode", ["first", "seen", "phone", "unknown"])
def test_a_draft_is_seen_before_it_is_kept(story, mode):
    message = draft()

    assert seen(message, mode, story).banner == message
    assert Message.objects.filter(key=message.key).count() == 0


@pytest.mark.parametrize(
    ("mode", "why"),
    [("closed", "they closed it"), ("gave", "they gave"), ("later", "to be reminded")],
)
def test_who_is_left_in_peace_sees_nothing_and_the_desk_says_why(story, mode, why):
    shown = seen(draft(), mode, story)

    assert shown.banner is None or shown.banner.is_standing
    assert why in shown.note


def test_a_cap_is_named_as_the_reason(story):
    assert "how often they have seen it" in seen(draft(views_most=2), "seen", story).note


def test_where_giving_is_a_crime_the_safety_notice_is_seen(story):
    RiskRule.objects.create(country="BY", action="never", starts_on=NOON.date())
    shown = seen(draft(), "danger", story)

    assert shown.banner.placement == shown.ask.placement == "safety"
    assert "a safety notice comes first" in shown.note


def test_a_country_of_its_rule_can_be_looked_at_from(story):
    message = draft(countries="AT")

    assert ("country-AT", "A reader in AT") in message.preview_modes
    assert seen(message, "country-AT", story).banner == message
    assert "where it is shown" in seen(message, "first", story).note


def test_without_javascript_they_see_what_is_in_the_page_itself(story):
    shown = seen(draft(), "scriptless", story)

    assert shown.banner.is_standing
    assert "what is in the page itself" in shown.note
    assert seen(draft(is_standing=True), "scriptless", story).banner.text == "We live on gifts"


def test_without_javascript_they_see_the_notice_where_the_language_is_wary(story):
    Asking.objects.get().wary_in.through.objects.create(
        asking=Asking.objects.get(), locale=story.locale
    )
    shown = seen(draft(is_standing=True), "scriptless", story)
    assert shown.banner.placement == shown.ask.placement == "safety"

    notice = Message.objects.get(pk=shown.ask.pk)
    notice.headline = "Not from there"
    assert seen(notice, "scriptless", story).ask.headline == "Not from there"


@pytest.mark.parametrize("placement", ["banner", "ask", "safety", "thanks"])
def test_the_desk_shows_every_message_as_every_reader(client, story, placement):
    RiskRule.objects.create(country="BY", action="never", starts_on=NOON.date())
    user = User.objects.create_user("dara", password="not-a-secret")
    user.groups.add(Group.objects.get(name="Revenue lead"))
    client.force_login(user)
    message = draft(placement, countries="BY")
    message.save()
    preview = reverse(message.snippet_viewset.get_url_name("preview_on_edit"), args=[message.pk])

    assert client.post(preview, posted(message)).json()["is_valid"]
    for mode, _name in message.preview_modes:
        page = client.get(preview, {"mode": mode}).content.decode()
        note = words_of(mode) if placement != "thanks" else "wherever they stand"
        assert note in page, mode
