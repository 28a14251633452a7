"""What is PayPal's alone: what it is sent, what its answers mean, what is left with it."""

import logging

import pytest

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Unreachable
from tamizdat.payments.providers import paypal_declines
from tamizdat.payments.providers.base import Order, Page, RemoteState
from tamizdat.payments.providers.paypal_declines import HARD, ISSUES, PROCESSOR, reason_of
from tests.demo_bank.nowhere import EMPTY, STOLEN, TIRES, WORKS
from tests.payments.paypal_nowhere import SECRET, PayPalNowhere
from tests.payments.paypal_server import Says

ORDER = Order(key="key-1", money=Money(500, "EUR"))
NEXT = Order(key="key-2", money=Money(700, "EUR"))


@pytest.fixture
def nowhere():
    return PayPalNowhere()


def approved(nowhere, *, number=WORKS, keep=False, language="fa", order=ORDER):
    """A page whose payer has agreed."""
    page = Page("http://testserver/thanks/", language, keep)
    remote = nowhere.provider.open(order, page)
    nowhere.agree(remote, number)
    return nowhere.provider.fetch(remote_id=remote.id)


def give(nowhere, **words):
    """From the page to the money, or to the refusal."""
    named = nowhere.provider.confirm(approved(nowhere, **words))
    return nowhere.provider.confirm(named)


def charged(nowhere, token):
    return nowhere.provider.confirm(nowhere.provider.charge_saved(NEXT, token=token))


def said(nowhere, part):
    """What was asked for at the paths that end so."""
    return [
        words for verb, path, words, _ in nowhere.counter.asked if path.endswith(part) and words
    ]


def test_an_order_has_its_name_in_our_books_before_it_may_be_captured(nowhere):
    ready = approved(nowhere)
    named = nowhere.provider.confirm(ready)

    assert (named.state, named.id) == (RemoteState.READY, ready.id.replace("page/", "order/"))
    assert nowhere.money_taken() == []
    assert nowhere.provider.confirm(named).id == nowhere.money_taken()[0]["id"]


def test_paypal_is_told_the_sum_the_key_the_language_and_the_way_back(nowhere):
    give(nowhere, keep=True, language="ru")

    (asked,) = said(nowhere, "/orders")
    (unit,) = asked["purchase_units"]
    wallet = asked["payment_source"]["paypal"]
    context = wallet["experience_context"]
    assert unit.keys() == {"reference_id", "amount", "custom_id", "invoice_id"}
    assert (unit["custom_id"], unit["invoice_id"]) == ("key-1", "key-1")
    assert unit["amount"] == {"currency_code": "EUR", "value": "5.00"}
    assert wallet.keys() == {"experience_context", "attributes"}
    assert context["return_url"] == context["cancel_url"] == "http://testserver/thanks/"
    assert (context["locale"], context["shipping_preference"]) == ("ru-RU", "NO_SHIPPING")
    assert (context["user_action"], "brand_name" in context) == ("PAY_NOW", False)
    assert said(nowhere, "/capture") == []


@pytest.mark.parametrize(
    ("ours", "theirs"), [("fa", "en-US"), ("pt", "pt-PT"), ("zh-hans", "zh-CN")]
)
def test_its_page_speaks_the_reader_s_language_where_it_can(nowhere, ours, theirs):
    approved(nowhere, language=ours)

    context = said(nowhere, "/orders")[0]["payment_source"]["paypal"]["experience_context"]
    assert context["locale"] == theirs


def test_a_key_of_ours_goes_with_all_that_makes_or_takes(nowhere):
    token = give(nowhere, keep=True).token
    paid = charged(nowhere, token)
    nowhere.provider.refund(key="r1", remote_id=paid.id, money=Money(1, "EUR"))

    keys = [
        headers["PayPal-Request-Id"]
        for verb, *_, headers in nowhere.counter.asked
        if verb == "POST"
    ]
    assert keys == ["key-1-page", "key-1-take", "key-2-payment", "key-2-take", "r1"]


def test_a_gift_made_once_keeps_no_account(nowhere):
    assert give(nowhere).token == ""
    assert nowhere.bank.kept == {}


def test_an_account_that_is_kept_is_named_with_its_country(nowhere):
    token = give(nowhere, keep=True).token

    assert token == f"US/{next(iter(nowhere.bank.kept))}"
    assert charged(nowhere, token).state is RemoteState.SUCCEEDED


def test_no_order_is_made_with_its_source_for_it_would_be_taken_at_once(nowhere):
    token = give(nowhere, keep=True).token
    named = nowhere.provider.charge_saved(NEXT, token=token)

    assert (named.state, named.issuer_country) == (RemoteState.READY, "US")
    assert len(nowhere.money_taken()) == 1
    assert "payment_source" not in said(nowhere, "/orders")[-1]
    nowhere.provider.confirm(nowhere.provider.fetch(remote_id=named.id))
    assert said(nowhere, "/capture") == [
        {"payment_source": {"paypal": {"vault_id": token.partition("/")[2]}}}
    ]


def test_an_account_whose_name_comes_later_is_asked_for_by_its_order(nowhere):
    nowhere.bank.keeps_at_once = False
    paid = give(nowhere, keep=True)
    order_id = paid.token.rpartition("/")[2]
    assert paid.token == f"US/order/{order_id}"
    with pytest.raises(Declined, match="instrument_not_kept"):
        charged(nowhere, paid.token)

    nowhere.bank.say_what_is_kept(order_id)

    assert charged(nowhere, paid.token).state is RemoteState.SUCCEEDED


def test_an_account_that_is_kept_is_looked_at(nowhere):
    token = give(nowhere, keep=True).token

    assert nowhere.provider.kept(token).issuer_country == "US"
    for unknown in ("US/2GG279541U471931P", "made up"):
        with pytest.raises(Declined):
            nowhere.provider.kept(unknown)


def test_a_payer_who_took_the_account_back_at_paypal_is_never_asked_again(nowhere):
    token = give(nowhere, keep=True).token
    nowhere.bank.forget_account(token.partition("/")[2])

    refused = charged(nowhere, token)

    assert (refused.state, refused.reason) == (RemoteState.DECLINED, "instrument_not_kept")
    assert refused.is_hard


@pytest.mark.parametrize(
    ("number", "reason", "is_hard"),
    [(EMPTY, "insufficient_funds", False), (STOLEN, "stolen_card", True)],
)
def test_a_refusal_has_our_name_for_it(nowhere, number, reason, is_hard):
    remote = give(nowhere, number=number)

    assert (remote.state, remote.reason, remote.is_hard) == (RemoteState.DECLINED, reason, is_hard)
    assert nowhere.provider.fetch(remote_id=remote.id) == remote
    assert nowhere.provider.cancel(key="key-1", remote_id=remote.id) == remote


def test_an_order_that_was_refused_cannot_be_captured_by_anyone(nowhere):
    named = nowhere.provider.confirm(approved(nowhere))
    nowhere.bank.dial.turn(decline=1)

    assert nowhere.provider.confirm(named).reason == "card_declined"

    nowhere.counter.forget_keys()
    assert nowhere.provider.confirm(named).state is RemoteState.CANCELED
    assert nowhere.still_possible() == nowhere.money_taken() == []


def test_what_paypal_will_not_close_is_not_said_to_be_closed(nowhere, monkeypatch):
    named = nowhere.provider.confirm(approved(nowhere))

    def refuse(*_):
        raise Says(422, "NOT_PATCHABLE")

    monkeypatch.setattr(nowhere.bank, "patch_order", refuse)
    with pytest.raises(Unreachable):
        nowhere.provider.cancel(key="key-1", remote_id=named.id)


def test_a_page_that_paypal_will_not_close_is_never_captured(nowhere):
    nowhere.bank.patches_pages = False
    opened = nowhere.provider.open(ORDER, Page("http://testserver/", "en", False))

    closed = nowhere.provider.cancel(key="key-1", remote_id=opened.id)

    assert closed.state is RemoteState.CANCELED  # its id was never named as one that may


def test_a_tired_account_is_refused_twice(nowhere):
    token = give(nowhere, keep=True, number=TIRES).token
    orders = [Order(f"key-{n}", Money(700, "EUR")) for n in (2, 3, 4)]
    saved = [nowhere.provider.charge_saved(order, token=token) for order in orders]

    states = [nowhere.provider.confirm(one).state.value for one in saved]

    assert states == ["declined", "declined", "succeeded"]


def test_a_page_that_nobody_approved_is_gone_after_three_hours(nowhere):
    page = Page("http://testserver/thanks/", "en", False)
    opened = nowhere.provider.open(ORDER, page)
    later = nowhere.bank.clock() + 3 * 3600 + 1
    nowhere.bank.clock = lambda: later

    assert nowhere.provider.fetch(remote_id=opened.id) is None
    assert nowhere.provider.cancel(key="key-1", remote_id=opened.id) is None
    again = nowhere.provider.open(ORDER, page)
    assert (again.state, again.url) == (RemoteState.CANCELED, "http://testserver/thanks/")


def test_an_order_that_may_have_been_taken_is_not_given_up_as_unpaid(nowhere):
    named = nowhere.provider.confirm(approved(nowhere))
    nowhere.bank.forget_order(named.id.partition("/")[2])

    for ask in (nowhere.provider.fetch, lambda **words: nowhere.provider.cancel(key="", **words)):
        with pytest.raises(Unreachable):
            ask(remote_id=named.id)


def test_an_order_for_a_kept_account_that_is_gone_is_made_anew(nowhere):
    token = give(nowhere, keep=True).token
    first = nowhere.provider.charge_saved(NEXT, token=token)
    later = nowhere.bank.clock() + 4 * 3600  # the key is remembered, the order is not
    nowhere.bank.clock = lambda: later

    second = nowhere.provider.charge_saved(NEXT, token=token)

    assert second.id != first.id
    assert nowhere.provider.confirm(second).state is RemoteState.SUCCEEDED


def test_a_refund_is_given_once_though_its_key_is_forgotten(nowhere):
    paid, some = give(nowhere), Money(200, "EUR")
    first = nowhere.provider.refund(key="r1", remote_id=paid.id, money=some)
    nowhere.counter.forget_keys()

    assert nowhere.provider.refund(key="r1", remote_id=paid.id, money=some) == first
    assert nowhere.bank.owed("EUR") == 255


def test_a_refund_of_an_order_that_is_gone_is_given_once_too(nowhere):
    paid, some = give(nowhere), Money(200, "EUR")
    capture = nowhere.bank.captures[paid.id.partition("/")[2]]
    order_id, capture["_order"] = capture["_order"], ""
    assert nowhere.provider.find_refund(key="r1", remote_id=paid.id) is None
    capture["_order"] = order_id
    nowhere.provider.refund(key="r1", remote_id=paid.id, money=some)
    nowhere.bank.forget_order(order_id)

    with pytest.raises(Unreachable):
        nowhere.provider.find_refund(key="r1", remote_id=paid.id)


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED"])
def test_a_refund_that_failed_is_declined(nowhere, status):
    paid, some = give(nowhere), Money(200, "EUR")
    nowhere.provider.refund(key="r1", remote_id=paid.id, money=some)
    order_id = nowhere.bank.orders.keys()
    for name in order_id:
        nowhere.bank.orders[name]["purchase_units"][0]["payments"]["refunds"][0]["status"] = status

    with pytest.raises(Declined):
        nowhere.provider.find_refund(key="r1", remote_id=paid.id)
    [told] = nowhere.provider.fetch(remote_id=paid.id).refunds
    assert told.has_failed
    with pytest.raises(Declined):
        nowhere.provider.refund(key="r1", remote_id=paid.id, money=some)


def test_what_came_in_another_currency_is_told_as_paypal_tells_it(nowhere):
    paid = give(nowhere)
    told = nowhere.bank.captures[paid.id.partition("/")[2]]["seller_receivable_breakdown"]
    told["receivable_amount"] = {"currency_code": "USD", "value": "4.91"}

    remote = nowhere.provider.fetch(remote_id=paid.id)

    assert (remote.money, remote.settled, remote.fee) == (
        Money(500, "EUR"), Money(491, "USD"), Money(0, "USD"),
    )  # fmt: skip


def test_a_question_of_a_payer_is_no_dispute_until_money_is_at_stake(nowhere):
    paid = give(nowhere)
    nowhere.bank.dispute(paid.id, stage="INQUIRY")

    assert nowhere.provider.fetch(remote_id=paid.id).disputes == ()


def test_a_payment_of_somebody_else_on_the_account_is_not_ours(nowhere):
    paid = give(nowhere)
    nowhere.bank.captures[paid.id.partition("/")[2]].pop("custom_id")
    next(iter(nowhere.bank.orders.values()))["purchase_units"][0].pop("custom_id")

    assert nowhere.provider.fetch(remote_id=paid.id) is None
    assert nowhere.provider.fetch(remote_id="other/1") is None


def test_a_token_is_asked_for_once_and_again_when_it_is_withdrawn(nowhere):
    tokens = nowhere.app.extensions["tokens"]
    approved(nowhere)
    assert len(tokens) == 1
    tokens.clear()

    assert give(nowhere, order=NEXT).state is RemoteState.SUCCEEDED
    assert len(tokens) == 1


def test_a_token_is_renewed_before_it_ends(nowhere, monkeypatch):
    approved(nowhere)
    monkeypatch.setattr(nowhere.provider.line, "_ends_at", 0.0)
    approved(nowhere, order=NEXT)

    assert len(nowhere.app.extensions["tokens"]) == 2


def test_an_app_that_paypal_does_not_know_learns_nothing_of_the_money(nowhere):
    nowhere.provider.line._login = "d3Jvbmc6d3Jvbmc="

    with pytest.raises(Unreachable, match="401"):
        nowhere.provider.fetch(remote_id="order/2GG279541U471931P")


def test_no_log_and_no_error_holds_a_token_or_a_secret(nowhere, caplog):
    caplog.set_level(logging.DEBUG)
    give(nowhere)
    nowhere.bank.dial.turn(break_before=1)
    with pytest.raises(Unreachable) as broken:
        nowhere.provider.fetch(remote_id="order/2GG279541U471931P")

    (token,) = nowhere.app.extensions["tokens"]
    everything = caplog.text + str(broken.value) + repr(nowhere.provider.line.__dict__.get("app"))
    assert token not in everything
    assert SECRET not in everything


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 503])
def test_only_an_answer_that_is_certain_is_a_no(nowhere, monkeypatch, status):
    def refuse(**_):
        raise Says(status, "SOME_ISSUE")

    nowhere.counter.check = None
    monkeypatch.setattr(nowhere.bank, "create_order", refuse)
    with pytest.raises(Declined if status in (400, 404, 422) else Unreachable):
        nowhere.provider.open(ORDER, Page("http://testserver/", "en", False))


@pytest.mark.parametrize("issue", [*ISSUES, "SOME_NEW_ISSUE"])
def test_every_issue_has_a_short_name_and_is_hard_or_soft(issue):
    reason, is_hard = reason_of({"details": [{"issue": issue}]})

    assert reason == ISSUES.get(issue, "some_new_issue")
    assert is_hard == (reason in HARD)


def test_every_hard_reason_is_one_that_can_be_given():
    assert set(ISSUES.values()) | set(PROCESSOR.values()) >= HARD


def test_the_networks_advice_never_to_try_again_is_taken():
    advice = {"response_code": "5120", "payment_advice_code": "03"}

    assert paypal_declines.reason_of_capture({"processor_response": advice})[1]
