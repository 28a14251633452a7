import pytest
from django.core.management import CommandError, call_command

from tamizdat.config import chores, heartbeat
from tamizdat.config.supervising import Stop
from tests.conftest import NOON


def fail(*, now):
    raise ValueError("the address of ana@example.org")


def do_all(given, stop=None):
    return chores.do_all(given, clock=lambda: NOON, stop=stop or Stop())


def test_every_chore_is_told_the_time(db):
    told = []
    do_all([("tell", lambda *, now: told.append(now))])
    assert told == [NOON]


def test_a_chore_that_fails_does_not_stop_the_others(db):
    done = []
    failed = do_all([("fail", fail), ("do", lambda *, now: done.append(now))])

    assert failed == ["fail"]
    assert done == [NOON]


def test_the_log_says_what_failed_and_where_and_nothing_about_anyone(db, caplog):
    do_all([("remind", fail)])

    assert "could not remind: ValueError at" in caplog.text
    assert "test_chores.py" in caplog.text
    assert "ana@example.org" not in caplog.text


def test_when_asked_to_stop_it_ends_the_chore_and_begins_no_other(db):
    stop = Stop()
    done = []
    do_all([("stop", lambda *, now: stop.set()), ("late", lambda *, now: done.append(now))], stop)
    assert done == []


def test_everything_dated_has_its_chore():
    names = [chore.__module__.removeprefix("tamizdat.") for _, chore in chores.CHORES]
    assert names == [
        "config.chores",
        "editions.baking",
        "staff.errands",
        "funding.halting",
        "payments.awaiting",
        "funding.crediting",
        "payments.noticing",
        "payments.settling",
        "payments.refunding",
        "payments.keeping",
        "payments.expiring",
        "funding.expiry_notices",
        "funding.switching",
        "funding.schedule",
        "payments.forgetting",
        "payments.reconciling",
        "ledger.sums",
        "figures.keeping",
        "appeals.goals",
        "funding.purging",
        "appeals.reminding",
        "appeals.sharing",
        "newsletters.subscribing",
        "newsletters.sending",
        "newsletters.subscribing",
        "editions.searching",
        "editions.copies",
        "editions.baking",
        "config.statistics",
        "editions.verifying",
        "editions.copies",
    ]


def test_work_once_does_everything_and_leaves_a_sign_of_life(newsroom, settings, tmp_path):
    settings.HOME, settings.SITE_ROOT = tmp_path, tmp_path / "site"
    call_command("work", "--once")

    assert (tmp_path / "site/index.html").exists()
    assert heartbeat.last_beat()


def test_work_once_fails_loudly(db, monkeypatch, settings, tmp_path):
    settings.HOME = tmp_path
    monkeypatch.setattr(chores, "CHORES", [("remind readers", fail)])

    with pytest.raises(CommandError, match="Could not remind readers"):
        call_command("work", "--once")


def test_a_story_is_published_when_its_time_has_come(newsroom, settings, tmp_path):
    from tamizdat.stories.models import Story
    from tests.editions.conftest import add_section, later

    settings.SITE_ROOT = tmp_path / "site"
    section = add_section()
    story = section.add_child(
        instance=Story(title="Fog", locale=section.locale, live=False, go_live_at=later(days=-400))
    )
    revision = story.save_revision()
    revision.approved_go_live_at = later(days=-400)
    revision.save()
    do_all(chores.CHORES[:2])

    assert (settings.SITE_ROOT / "harbour/fog/index.html").exists()
