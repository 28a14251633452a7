"""The demo is made once here, whole, and then asked about: it takes a while."""

import re

import pytest
from wagtail.models import Page, Revision

from tamizdat.appeals import weighing
from tamizdat.appeals.judging import Kind
from tamizdat.appeals.models import Experiment
from tamizdat.demo import content, making
from tamizdat.demo.bank.wallet import HOLDERS
from tamizdat.demo.gifts import ONCE, PLEDGES, REMINDERS, TRIED, TRYING
from tamizdat.demo.letters import SUBSCRIBERS
from tamizdat.editions.models import Edition
from tamizdat.funding.models import Contribution, Due, Pledge, RiskRule, Supporter
from tamizdat.ledger import books
from tamizdat.newsletters.models import Issue, Subscriber
from tamizdat.payments.models import Attempt, Charge
from tamizdat.staff.models import User
from tamizdat.stories.models import Front, Picture, Story
from tests.conftest import NOON
from tests.demo.conftest import quietly

pytestmark = pytest.mark.usefixtures("demo")
COUNTED = (
    Page,
    Revision,
    Picture,
    User,
    Supporter,
    Pledge,
    Due,
    Charge,
    Attempt,
    Subscriber,
    Issue,
    Edition,
)


def counts():
    return [model.objects.count() for model in COUNTED]


def test_the_demo_is_a_whole_newsroom_and_making_it_again_changes_nothing(demo):
    before = counts()
    making.make(progress=quietly, now=NOON)
    assert counts() == before
    # … nor does going on after it was cut off just before the end.
    (demo / "demo-is-made").unlink()
    making.make(progress=quietly, now=NOON)
    assert counts()[:-1] == before[:-1]

    check_the_stories()
    check_the_gifts()
    check_what_was_tried()
    check_the_newsletter()
    check_the_safety_rules()
    check_the_site(demo)
    check_the_password(demo)


def check_the_stories():
    for code in content.LANGUAGES:
        stories = Story.objects.live().filter(locale__language_code=code)
        assert stories.count() == len(content.load(code).stories)
        assert all(story.first_published_at <= NOON for story in stories)
        assert all(story.read_more_kept.exists() for story in stories)
        assert Front.objects.get(locale__language_code=code).lead.slug == "ferry-ledger"
    assert (
        Story.objects.filter(slug="ferry-ledger").values("translation_key").distinct().count() == 1
    )


def check_the_gifts():
    states = set(Pledge.objects.values_list("state", flat=True))
    assert Pledge.objects.count() == PLEDGES
    assert Contribution.objects.count() == ONCE + TRYING
    assert {"active", "stopped", "paused", "past_due", "lapsed"} <= states
    assert Attempt.objects.filter(state="declined").exists()
    assert books.do_balance()
    for currency in ("USD", "EUR"):
        paid = Charge.objects.filter(state="succeeded", currency=currency)
        assert paid.count() > 20


def check_what_was_tried():
    told = weighing.report(Experiment.objects.get(key=TRIED), now=NOON)

    assert told.verdict.kind == Kind.DECIDED
    assert sum(arm.standing.gifts for arm in told.arms) == TRYING - 1  # a bank took one back
    assert not told.left_out


def check_the_newsletter():
    for code, count in SUBSCRIBERS.items():
        sent = Issue.objects.get(locale__language_code=code, state=Issue.State.SENT)
        assert sent.taken_count == count
        assert Issue.objects.get(locale__language_code=code, state=Issue.State.DRAFT).picks.exists()


def check_the_safety_rules():
    assert set(RiskRule.objects.values_list("action", flat=True)) == {"ask", "warn", "never"}
    assert {rule.country for rule in RiskRule.objects.all()} <= {h.country for h in HOLDERS}


def check_the_site(demo):
    assert REMINDERS > 0
    for folder in ("", "ru/", "fa/"):
        page = (demo / "site" / folder / "harbour/ferry-ledger/index.html").read_text()
        assert len(re.findall(r'hreflang="?(?:en|ru|fa)', page)) >= 3


def check_the_password(demo):
    password = (demo / "secrets" / "desk-password").read_text().strip()
    assert User.objects.get(username="desk").check_password(password)
