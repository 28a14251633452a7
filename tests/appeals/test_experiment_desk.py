"""Asks, Experiments: a revenue lead runs one from its beginning to its verdict."""

import csv
import io
import json

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tamizdat.appeals import exporting, reporting, weighing
from tamizdat.appeals.models import Experiment, Message, Tally
from tamizdat.outlet.models import Masthead
from tests.appeals.experiments import DAY, experiment, given, led, meet
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("newsroom", "nowhere")
PAGE = "/desk/experiments/words/"


@pytest.fixture
def desk(client, django_user_model):
    user = django_user_model.objects.create_user("ana", first_name="Ana")
    user.groups.add(Group.objects.get(name="Revenue lead"))
    client.force_login(user)
    return client


def shown(desk):
    return desk.get(PAGE).content.decode()


def pressed(desk, button, **fields):
    return desk.post(f"{PAGE}{button}/", fields, follow=True).content.decode()


def in_arms(found):
    """A banner for each arm, in one language or another."""
    banners = Message.objects.filter(placement="banner").order_by("pk")
    for message, arm in zip(banners, found.arms.order_by("name"), strict=False):
        Message.objects.filter(pk=message.pk).update(arm=arm, text=f"Said to {arm.name}")


def rows(desk, which):
    text = desk.get(f"{PAGE}{which}.csv").content.decode()
    return list(csv.DictReader(io.StringIO(text)))


def form(**words):
    arms = {
        "arms-TOTAL_FORMS": "2",
        "arms-INITIAL_FORMS": "0",
        "arms-MIN_NUM_FORMS": "2",
        "arms-MAX_NUM_FORMS": "6",
        "arms-0-name": "a",
        "arms-0-share": "5000",
        "arms-1-name": "b",
        "arms-1-share": "5000",
    }
    fields = {"name": "Which words?", "key": "words", "measure": "gifts", "planned": "100000"}
    return fields | arms | words


def test_from_its_beginning_to_its_verdict(desk):
    desk.post("/desk/snippets/appeals/experiment/add/", form())
    assert "Not begun" in shown(desk)

    assert (
        "It begins with the next edition"
        in desk.post(f"{PAGE}begin/", follow=True).content.decode()
    )
    found, now = Experiment.objects.get(), timezone.now()
    meet(found, on=now, a=2_000, b=1_990)
    assert "Too early to tell: 3,990 of 5,000 readers." in shown(desk)

    meet(found, on=now, a=30_000, b=30_100)
    given(found, "a", 100, at=now)
    given(found, "b", 108, at=now)
    assert "No difference is certain yet" in shown(desk)

    given(found, "b", 160, at=now)
    page = shown(desk)
    assert "more than A. You can stop." in page
    assert "<svg" in page

    assert "nobody sees its messages" in pressed(desk, "end")
    assert not Experiment.objects.get().is_on
    actions = list(ModelLogEntry.objects.values_list("action", flat=True).order_by("pk"))
    assert [each for each in actions if each.startswith("appeals.")] == [
        "appeals.begin",
        "appeals.end",
    ]


def test_an_arm_that_no_message_is_for_is_named(desk):
    found = experiment(arms=("a", "b", "c"))
    assert "No message is on for A, B, C:" in shown(desk)

    in_arms(found)
    assert "No message is on for" not in shown(desk)


def test_what_each_arm_says_is_told_and_leads_to_its_message_once_that_may_be_changed(desk):
    found = experiment()
    in_arms(found)
    message = Message.objects.get(text="Said to b")
    edit = f"/desk/snippets/appeals/message/edit/{message.pk}/"
    assert "Said to b" in shown(desk)
    assert edit not in shown(desk)

    pressed(desk, "end")
    assert edit in shown(desk)


def test_the_arm_that_is_kept_is_everybody_s_from_then_on(desk):
    found = experiment()
    in_arms(found)
    page = pressed(desk, "end", keep="b")

    assert "everybody sees what B saw" in page
    assert "B was kept" in page
    assert Message.objects.get(text="Said to b").arm is None
    assert Message.objects.get(text="Said to a").arm.name == "a"
    [entry] = ModelLogEntry.objects.for_instance(found).filter(action="appeals.end")
    assert entry.message == "Stopped the experiment and kept B"


def test_what_is_over_keeps_nothing_more_and_an_arm_that_is_none_stops_nothing(desk):
    found = experiment()
    in_arms(found)
    assert desk.post(f"{PAGE}end/", {"keep": "z"}).status_code == 404
    pressed(desk, "end")

    assert "it was not running" in pressed(desk, "end", keep="b")
    assert Message.objects.get(text="Said to b").arm.name == "b"


def test_shares_that_do_not_add_up_are_refused(desk):
    page = desk.post("/desk/snippets/appeals/experiment/add/", form(**{"arms-0-share": "100"}))

    assert "The shares add up to 5,100" in page.content.decode()
    assert not Experiment.objects.exists()


def test_an_arm_that_has_a_message_is_not_removed_before_it_is_free(desk):
    found = experiment(arms=("a", "b", "c"), begins=None)
    in_arms(found)
    words = form(**{"arms-TOTAL_FORMS": "3", "arms-INITIAL_FORMS": "3", "arms-2-DELETE": "on"})
    for n, arm in enumerate(found.arms.order_by("name")):
        words |= {f"arms-{n}-id": arm.pk, f"arms-{n}-name": arm.name, f"arms-{n}-share": "5000"}
    edit = f"/desk/snippets/appeals/experiment/edit/{found.pk}/"

    assert (
        "C has messages. Take them out of the arm first." in desk.post(edit, words).content.decode()
    )
    assert found.arms.count() == 3
    Message.objects.filter(arm__name="c").update(arm=None)
    desk.post(edit, words)
    assert found.arms.count() == 2


def test_a_bandit_that_would_be_judged_by_money_is_refused(desk):
    add, bandit = "/desk/snippets/appeals/experiment/add/", form(is_bandit="on")
    page = desk.post(add, bandit | {"measure": "money"}).content.decode()
    assert "Readers are moved by how many give" in page
    assert not Experiment.objects.exists()

    desk.post(add, bandit)
    assert Experiment.objects.get().is_bandit


def test_begun_once_it_is_changed_no_more_and_deleted_only_when_it_is_over(desk):
    found = experiment()
    edit = f"/desk/snippets/appeals/experiment/edit/{found.pk}/"
    delete = f"/desk/snippets/appeals/experiment/delete/{found.pk}/"

    assert desk.get(edit).url == PAGE
    assert desk.post(delete).url == PAGE
    found.end(now=NOON + DAY)
    assert not found.begin(now=NOON + 2 * DAY)
    message = Message.objects.filter(placement="banner").earliest("pk")
    Message.objects.filter(pk=message.pk).update(arm=found.arms.get(name="b"))
    assert "Messages belong to its arms" in desk.post(delete, follow=True).content.decode()
    Message.objects.filter(pk=message.pk).update(arm=None)
    desk.post(delete)
    assert not Experiment.objects.exists()


def test_a_message_under_test_keeps_its_words_until_the_experiment_is_stopped(desk):
    found = experiment()
    message = Message.objects.filter(placement="banner").earliest("pk")
    Message.objects.filter(pk=message.pk).update(arm=found.arms.get(name="b"))
    here = f"/desk/snippets/appeals/message/{{}}/{message.pk}/"
    for act in ("edit", "delete"):
        page = desk.post(here.format(act), {"text": "Other words"}, follow=True)
        assert page.redirect_chain[0][0] == PAGE
        assert "Stop the experiment first" in page.content.decode()

    pressed(desk, "end")

    assert desk.get(here.format("edit")).status_code == 200


def test_what_one_gift_was_is_not_told(desk, nowhere):
    found = experiment()
    meet(found, a=100, b=100)
    led(nowhere, found, "b", minor=4_711)

    page = shown(desk)
    assert "fewer than 5" in page
    assert "47" not in page.partition("<h2>What it brought")[2]
    arm = rows(desk, "arms")[1]
    assert (arm["met"], arm["gifts"], arm["value_per_1000"]) == ("100", "", "")


def test_where_no_counts_come_or_no_gift_is_worth_anything_the_page_still_says_what_is_wrong(desk):
    found = experiment(measure="money")
    for arm in "ab":
        given(found, arm, 30)
    assert "A brought more gifts than readers met it." in shown(desk)
    assert rows(desk, "arms")[0]["value_per_1000_high"] == ""

    Masthead.objects.update(currency="CHF")  # in which no amounts are proposed
    meet(found, a=9_000, b=9_000)
    assert "No difference is certain yet" in shown(desk)


@pytest.mark.parametrize(("first", "second"), [(3, 60), (60, 3)])
def test_how_much_more_an_arm_brings_is_not_told_where_one_of_the_two_has_few_gifts(first, second):
    found = experiment()
    meet(found, a=1_000, b=1_000)
    given(found, "a", first)
    given(found, "b", second)

    report = weighing.report(found, now=NOON + 2 * DAY)
    assert report.verdict.comparisons[0].lift.middle != 0
    assert [row.lift for row in reporting.rows(report)] == ["", ""]
    assert [line[-3:] for line in reporting.arm_lines(report)] == [["", "", ""]] * 2


def test_of_more_arms_more_readers_are_needed_in_each():
    needed = {}
    for arms in ("ab", "abcd"):
        found = experiment(arms, arms=arms)
        meet(found, a=10_000)
        given(found, "a", 30)
        told = reporting.readers_needed(weighing.report(found, now=NOON + 2 * DAY))
        needed[arms] = int(told.replace(",", ""))

    assert needed["abcd"] > 1.15 * needed["ab"]


def test_figures_can_be_taken_along(desk):
    found = experiment()
    meet(found, a=10_000, b=10_010)
    given(found, "a", 30)
    given(found, "b", 60)
    Tally.objects.flag(found.arms.get(name="a"), (NOON + DAY).date())
    given(found, "a", 9, at=NOON + 2 * DAY)

    first, second = rows(desk, "arms")
    assert (first["arm"], first["gifts"], first["gifts_per_1000"]) == ("a", "9", "0.9")
    assert first["more_than_first"] == ""
    assert second["gifts"] == ""
    days = rows(desk, "days")
    assert [(day["day"], day["arm"], day["met"], day["is_left_out"]) for day in days] == [
        ("2026-11-22", "a", "10000", "no"),
        ("2026-11-22", "b", "10010", "no"),
        ("2026-11-23", "a", "0", "yes"),
    ]


def test_days_that_are_left_out_and_a_split_that_cannot_be_are_told(desk):
    found = experiment()
    meet(found, a=9_000, b=12_000)
    Tally.objects.flag(found.arms.get(name="a"), (NOON + DAY).date())

    page = shown(desk)
    assert "Something is wrong with the counts: " in page
    assert "not met as often as their shares say" in page
    assert "23 November 2026" in page


def test_a_bandit_says_that_it_gives_no_verdict(desk):
    meet(experiment(is_bandit=True), a=9_000, b=12_000)

    page = shown(desk)
    assert "a bandit gives no verdict" in page
    assert "The split is not checked" in page


def test_whoever_may_not_run_experiments_sees_none(client, django_user_model):
    experiment()
    user = django_user_model.objects.create_user("beso")
    user.groups.add(Group.objects.get(name="Reporter"))
    client.force_login(user)

    for path in ("", "arms.csv", "days.csv"):
        assert client.get(PAGE + path).status_code == 302
    assert client.post(f"{PAGE}end/").status_code == 302
    assert Experiment.objects.get().is_on


def test_whoever_leaves_takes_it_along():
    meet(experiment(), a=10_000, b=10_010)

    written = {piece.path: piece for piece in exporting.pieces()}["outlet/experiments.json"]
    [found] = json.loads(b"".join(written.content()))
    assert (found["key"], found["arms"]) == ("words", {"a": 5_000, "b": 5_000})
    assert found["days"][1] == {
        "day": "2026-11-22",
        "arm": "b",
        "met": 10_010,
        "views": 20_020,
        "closes": 0,
        "clicks": 0,
        "is_left_out": "no",
    }
