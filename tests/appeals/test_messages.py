"""The words of an ask, and how the desk edits them."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms.models import model_to_dict
from django.urls import reverse
from wagtail.models import Locale

from tamizdat.appeals import founding, reminding
from tamizdat.appeals.models import Message
from tamizdat.appeals.models.message import fill
from tamizdat.appeals.months import Month
from tamizdat.appeals.reminding import Wish
from tamizdat.editions.models import Change
from tamizdat.staff.models import User
from tamizdat.stories.models import Front, Section, Story
from tests.appeals.experiments import experiment
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("newsroom")


def an_ask(**fields):
    words = {"headline": "A word", "text": "We live on gifts.", "button": "Give {amount}"}
    words |= {"is_standing": True}
    locale = Locale.objects.get(language_code="ru")
    return Message(placement="ask", locale=locale, **(words | fields))


@pytest.fixture
def revenue_lead(client):
    user = User.objects.create_user("dara", password="not-a-secret")
    user.groups.add(Group.objects.get(name="Revenue lead"))
    client.force_login(user)
    return client


@pytest.fixture
def story():
    front = Front.objects.get(locale__language_code="ru")
    section = front.add_child(instance=Section(title="Порт", slug="port"))
    return section.add_child(instance=Story(title="Лампа", slug="lampa"))


def test_founding_twice_writes_each_message_once():
    founding.found()

    assert Message.objects.count() == 9


def test_the_database_refuses_two_live_messages_in_one_place_and_language():
    with pytest.raises(IntegrityError):
        an_ask().save()


def test_a_second_message_may_wait_switched_off():
    an_ask(is_on=False).save()

    assert live("ask").headline != "A word"


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("headline", ""),
        ("button", "Give something"),
        ("text", "We are {outlett}"),
        ("text", "Give {amount}"),
    ],
)
def test_words_that_would_leave_a_hole_are_refused_by_name(field, words):
    with pytest.raises(ValidationError) as refused:
        an_ask(is_on=False, **{field: words}).full_clean()

    assert set(refused.value.message_dict) == {field}


def test_braces_that_name_nothing_are_left_alone():
    assert fill("{outlet} {x} {}", outlet="The Lantern") == "The Lantern {x} {}"


def test_a_message_that_is_made_changed_or_deleted_is_told():
    Change.objects.all().delete()
    message = an_ask(is_on=False)
    message.save()
    assert [change.token for change in Change.objects.all()] == ["message"]
    message.save()  # as it was
    assert Change.objects.count() == 1

    message.delete()
    assert Change.objects.count() == 2


def live(placement, language="ru"):
    return Message.objects.standing(placement, language=language, now=NOON)


def edit(message):
    return reverse(message.snippet_viewset.get_url_name("edit"), args=[message.pk])


def posted(message, **changes):
    """What the form of the desk sends: every field, and one tick less for what is off."""
    fields = model_to_dict(message, exclude=["sections", "not_sections", "topics", "not_topics"])
    filled = {k: value for k, value in fields.items() if value is not None and value is not False}
    return filled | changes


def test_the_revenue_lead_changes_the_words_in_the_desk(revenue_lead):
    message = live("banner")
    response = revenue_lead.post(edit(message), posted(message, text="Новые слова"))

    message.refresh_from_db()
    assert response.status_code == 302
    assert message.text == "Новые слова"


@pytest.mark.parametrize(("letters", "is_warned"), [(33, False), (34, True)])
def test_the_desk_warns_of_a_banner_that_is_long_for_a_telephone(revenue_lead, letters, is_warned):
    banner = live("banner")
    words = posted(banner, text="ж" * letters)
    response = revenue_lead.post(edit(banner), words, follow=True)

    assert Message.objects.get(pk=banner.pk).text == "ж" * letters
    assert ("more than two lines" in response.content.decode()) == is_warned


def test_the_desk_says_that_another_message_is_on(revenue_lead):
    message = live("ask")
    english = Locale.objects.get(language_code="en")
    response = revenue_lead.post(edit(message), posted(message, locale=english.pk))

    assert "Turn it off first" in response.content.decode()


def test_no_message_is_added_to_an_experiment_that_is_on(revenue_lead):
    arm = experiment().arms.get(name="b")
    message = live("banner")

    with pytest.raises(ValidationError) as refused:
        an_ask(is_standing=False, arm=arm).full_clean()
    assert set(refused.value.message_dict) == {"arm"}
    fields = posted(message, arm=arm.pk)
    del fields["is_standing"]
    page = revenue_lead.post(edit(message), fields).content.decode()
    assert "Stop the experiment first" in page
    assert Message.objects.get(pk=message.pk).arm is None


def test_a_message_may_join_an_experiment_that_has_not_begun_and_be_looked_at_when_it_has():
    found = experiment(begins=None)
    message = an_ask(is_standing=False, arm=found.arms.get(name="b"))
    message.full_clean()
    message.save()
    found.begin(now=NOON)

    Message.objects.get(pk=message.pk).full_clean()


def test_no_arm_has_its_message_in_the_page_itself_before_its_experiment_is_over(revenue_lead):
    found = experiment(begins=None)
    message = live("banner")
    fields = posted(message, arm=found.arms.get(name="a").pk)

    page = revenue_lead.post(edit(message), fields).content.decode()
    assert "Untick this until the experiment is over" in page
    found.begin(now=NOON)
    found.end(now=NOON)
    revenue_lead.post(edit(message), fields)
    assert Message.objects.get(pk=message.pk).arm.name == "a"


@pytest.mark.parametrize("placement", ["banner", "ask"])
def test_the_preview_is_a_real_page_with_the_words_being_written(revenue_lead, story, placement):
    message = live(placement)
    preview = reverse(message.snippet_viewset.get_url_name("preview_on_edit"), args=[message.pk])
    words = posted(message, text="Слова, которых ещё нет")

    assert revenue_lead.post(preview, words).json()["is_valid"]
    page = revenue_lead.get(preview).content.decode()
    assert "Слова, которых ещё нет" in page
    assert story.title in page
    assert 'lang="ru"' in page


def test_a_paper_without_stories_shows_the_preview_on_its_front():
    message = live("banner", "fa")

    page = message.make_preview_request().content.decode()
    assert fill(message.button, outlet="Our paper") in page


def test_the_desk_counts_the_reminders_and_names_nobody(revenue_lead):
    wish = Wish(address="ana@example.org", month=Month(2027, 3), language="en")
    reminding.remember(wish, now=NOON)
    home = revenue_lead.get(reverse("wagtailadmin_home")).content.decode()

    assert "the first in March 2027" in home
    assert "ana@" not in home


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("countries", "BY, XX", "“XX” is no country"),
        ("views_most", 0, "never be shown"),
        ("read_weeks", 60, "1 to 52"),
        ("presets", "1, 9999999", "what a month allows"),
        ("presets", "5", "two to six"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_with_what_to_do(field, value, says):
    with pytest.raises(ValidationError) as refused:
        an_ask(is_on=False, **{field: value}).full_clean()

    assert says in str(refused.value.message_dict[field])


def test_countries_are_kept_as_they_are_compared():
    message = an_ask(is_on=False, countries="ru by;RU")
    message.full_clean()

    assert message.countries == "BY, RU"
