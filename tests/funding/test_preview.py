"""What a reader in a country would see, before anybody there sees it."""

import pytest
from django.core import checks
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tamizdat.funding import halting, previewing
from tamizdat.funding.days import day_of
from tamizdat.funding.models import HaltOrder, RiskRule
from tamizdat.payments.models import Charge
from tests.demo_bank.nowhere import RUSSIAN, WORKS
from tests.funding.givers import give, wish
from tests.funding.test_policy import TODAY, rule

pytestmark = pytest.mark.usefixtures("newsroom")
PREVIEW = "/desk/safety-preview/"


@pytest.fixture
def desk(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("ana"))
    return client


def seen(country="RU", language="en", **words):
    return {
        one.interval: one
        for one in previewing.of(country, on=TODAY, language=language, **{"method": "card"} | words)
    }


def test_without_a_rule_a_reader_is_asked_like_everybody():
    assert {one.action for one in seen().values()} == {"ask"}
    assert {one.sentence for one in seen().values()} == {""}


def test_each_kind_of_gift_is_told_with_the_rule_that_decides():
    rule("warn")
    rule("never", interval="month")

    preview = seen()

    assert (preview["month"].action, preview["once"].action) == ("never", "warn")
    assert "What helps instead" in preview["month"].sentence
    assert preview["once"].rule.interval == "any"


def test_a_rule_that_is_not_saved_yet_is_shown_as_if_it_were():
    rule("ask")
    draft = RiskRule(country="RU", action="never", interval="any", starts_on=TODAY)

    assert seen(draft=draft)["month"].action == "never"
    assert seen()["month"].action == "ask"
    assert (
        seen(draft=RiskRule(country="RU", action="warn", starts_on=TODAY))["year"].action == "warn"
    )


def test_a_rule_that_is_edited_is_not_shown_twice():
    rule("never")
    softer = RiskRule.objects.get()
    softer.action = "ask"

    assert seen(draft=softer)["month"].action == "ask"


def test_a_gift_made_once_is_taken_without_a_warning_and_the_preview_does_not_claim_one(desk):
    rule("warn")

    assert (seen()["month"].sentence != "", seen()["once"].sentence) == (True, "")
    page = desk.post(PREVIEW, {"country": "RU", "on": "2027-03-01", "language": "en"})
    assert "only gifts each month or year by a way that" in page.content.decode()


def test_a_halt_is_shown_whatever_the_rules_say():
    rule("ask")
    HaltOrder.objects.create(country="RU", ordered_at=timezone.now())

    assert {one.action for one in seen().values()} == {"never"}


def test_it_is_the_sentence_that_the_reader_gets(client, nowhere, desk):
    rule("never", starts_on=day_of(timezone.now()))
    charge = give(nowhere, wish(), card=RUSSIAN, now=timezone.now())

    [sentence] = {one.sentence for one in seen().values()} or [""]
    rule("never", country="BY")
    [sentence] = {one.sentence for one in seen("BY").values()}

    page = client.get(f"/thanks/{charge.reference}/").content.decode()
    assert escape(sentence.replace("Belarus", "Russia")) in page


@pytest.mark.parametrize("nowhere", ["stripe"], indirect=True)
@pytest.mark.parametrize(("ruled", "looked_at"), [("wallet", "card"), ("card", "wallet")])
def test_where_a_wallet_comes_as_a_card_a_rule_for_one_is_kept_and_shown_for_both(
    nowhere, desk, ruled, looked_at
):
    rule("never", country="US", method=ruled, starts_on=day_of(timezone.now()))

    charge = give(nowhere, wish(), card=WORKS, now=timezone.now())
    assert (charge.state, charge.latest_attempt.reason) == ("failed", "never_from_US")
    assert {one.action for one in seen("US", method=ruled).values()} == {"never"}
    assert {one.action for one in seen("US", method=looked_at).values()} == {"never"}
    words = {"country": "US", "way": "wallet", "on": "2027-03-01", "language": "en"}
    page = desk.post(PREVIEW, words).content.decode()
    assert "and the same by card, which cannot be told from it" in page


@pytest.mark.parametrize("nowhere", ["paypal"], indirect=True)
def test_where_a_way_comes_alone_nothing_is_said_of_others(nowhere):
    rule("never", country="US", method="paypal")

    assert {one.alike for one in seen("US", method="paypal").values()} == {()}


@pytest.mark.parametrize("language", ["ru", "fa"])
def test_it_can_be_read_in_each_language_of_the_paper(desk, language):
    rule("never")

    page = desk.post(PREVIEW, {"country": "ru", "on": "2027-03-01", "language": language})

    sentence = seen(language=language)["month"].sentence
    assert escape(sentence) in page.content.decode()
    assert f'lang="{language}"' in page.content.decode()


def test_the_form_of_a_rule_leads_to_its_preview_before_it_is_saved(desk):
    form = desk.get(reverse("riskrule:add")).content.decode()
    assert f'formaction="{PREVIEW}"' in form

    words = {
        "country": "BY",
        "method": "any",
        "interval": "any",
        "action": "never",
        "starts_on": "2027-01-01",
    }
    page = desk.post(PREVIEW, words).content.decode()

    assert "What helps instead" in page
    assert "is not saved" in page
    assert not RiskRule.objects.exists()


def test_what_is_no_country_is_said_in_the_preview_and_in_the_form(desk):
    words = {
        "country": "UK",
        "method": "any",
        "interval": "any",
        "action": "never",
        "starts_on": "2027-01-01",
    }

    assert "such as GB" in desk.post(PREVIEW, words).content.decode()
    assert "such as GB" in desk.post(reverse("riskrule:add"), words).content.decode()
    desk.post(reverse("riskrule:add"), words | {"country": "gb"})
    assert RiskRule.objects.get().country == "GB"


def told():
    return [m.id for m in checks.run_checks(databases=["default"]) if m.id.startswith("funding.")]


def test_a_newsroom_without_a_rule_is_told_so_plainly(desk):
    assert told() == ["funding.W003"]
    assert "There is no safety rule" in desk.get("/desk/").content.decode()

    rule("ask")

    assert told() == []
    assert "There is no safety rule" not in desk.get("/desk/").content.decode()


def test_a_halt_in_force_is_on_the_home_page_and_in_the_list(desk, nowhere):
    give(nowhere, wish(), card=WORKS)
    halting.halt(halting.Scope(country="US"), reason="a law", now=timezone.now())

    assert "country US" in desk.get("/desk/").content.decode()
    assert "country US" in desk.get("/desk/haltorder/").content.decode()
    assert desk.get("/desk/haltorder/new/").status_code in (302, 404)
    assert Charge.objects.count() == 1
