"""What is Stripe's alone: what it is sent, what its answers mean, what is left with it."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
import stripe

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Unreachable
from tamizdat.payments.providers import stripe_account, stripe_answers, stripe_line
from tamizdat.payments.providers.account import DisputeState, Movement
from tamizdat.payments.providers.base import Order, Page, RemoteState
from tamizdat.payments.providers.stripe_amounts import (
    CURRENCIES,
    CannotBeWritten,
    from_stripe,
    to_stripe,
)
from tamizdat.payments.providers.stripe_declines import HARD, reason_of
from tests.conftest import NOON
from tests.demo_bank.nowhere import EMPTY, STOLEN, WORKS
from tests.inputs import INPUTS
from tests.payments.stripe_nowhere import StripeNowhere
from tests.payments.stripe_server import ABSENT, Says
from tests.payments.stripe_web import ID

ORDER = Order(key="key-1", money=Money(500, "EUR"))
FIXTURES = INPUTS / "payments/stripe-openapi/fixtures3.json"


@pytest.fixture
def nowhere():
    return StripeNowhere()


def give(nowhere, *, number=WORKS, keep=False):
    """From the page to the money, or to the refusal."""
    page = Page("http://testserver/thanks/", "fa", keep)
    remote = nowhere.provider.open(ORDER, page)
    nowhere.agree(remote, number)
    named = nowhere.provider.confirm(nowhere.provider.fetch(remote_id=remote.id))
    answer = nowhere.provider.confirm(named)
    return nowhere.provider.confirm(answer) if answer.state is RemoteState.HELD else answer


def test_a_gift_made_once_leaves_no_card_and_no_customer(nowhere):
    assert give(nowhere).token == ""
    assert nowhere.bank.customers() == []


def test_a_card_that_is_kept_belongs_to_a_customer_without_a_name(nowhere):
    token = give(nowhere, keep=True).token

    (customer,) = nowhere.bank.customers()
    assert token.startswith(f"{customer['id']}/pm_")
    assert (customer["email"], customer["name"]) == (None, None)
    assert customer["metadata"] == {"key": "key-1"}


def test_a_card_that_is_refused_is_not_left_there(nowhere):
    assert give(nowhere, number=EMPTY, keep=True).reason == "insufficient_funds"
    assert nowhere.bank.customers() == []


def test_a_card_of_a_page_that_is_canceled_is_never_given_to_a_customer(nowhere):
    remote = nowhere.provider.open(ORDER, Page("http://testserver/thanks/", "en", True))
    nowhere.agree(remote)
    nowhere.provider.cancel(key="key-1", remote_id=remote.id)

    assert nowhere.bank.customers() == nowhere.bank.all_of("pi_") == []


def test_a_card_that_its_bank_will_not_have_kept_leaves_no_customer(nowhere, monkeypatch):
    def refuse(*_, **__):
        raise Says(402, type="card_error", code="card_declined", decline_code="stolen_card")

    monkeypatch.setattr(nowhere.bank, "attach", refuse)
    with pytest.raises(Declined, match="stolen_card"):
        give(nowhere)
    assert nowhere.bank.customers() == []


def test_stripe_is_told_the_sum_the_key_and_where_to_send_the_reader(nowhere):
    give(nowhere, keep=True)

    said = {name for _, _, words in nowhere.counter.asked for name in words}
    assert said == {
        "mode", "allowed_payment_method_types", "currency", "success_url", "cancel_url", "locale",
        "wallet_options", "metadata", "customer", "amount", "payment_method",
        "off_session", "capture_method",
    }  # fmt: skip


def test_a_key_of_ours_goes_with_all_that_makes_or_asks_a_bank(nowhere, monkeypatch):
    keys = []
    answer = nowhere.counter.answer
    monkeypatch.setattr(
        nowhere.counter, "answer", lambda *a, key: (keys.append(key), answer(*a, key=key))[1]
    )
    give(nowhere)

    made = ["page", "customer", "keep", "payment", "confirm"]
    ours = [key for key in keys if key.startswith(ORDER.key)]
    assert ours == [f"key-1-{what}" for what in made]


@pytest.mark.parametrize(
    ("number", "reason", "is_hard"),
    [
        (EMPTY, "insufficient_funds", False),
        (STOLEN, "stolen_card", True),
        (ABSENT, "authentication_required", False),
    ],
)
def test_a_refusal_has_our_name_for_it(nowhere, number, reason, is_hard):
    remote = give(nowhere, number=number)

    assert (remote.state, remote.reason, remote.is_hard) == (
        RemoteState.DECLINED,
        reason,
        is_hard,
    )
    assert nowhere.provider.fetch(remote_id=remote.id) == remote
    assert nowhere.provider.cancel(key="key-1", remote_id=remote.id).reason == reason


@pytest.mark.parametrize("code", ["insufficient_funds", "generic_decline", "some_new_code"])
def test_the_networks_advice_never_to_try_again_is_taken(code):
    advice = {"decline_code": code, "advice_code": "do_not_try_again"}

    assert reason_of({"decline_code": code}) == (code, False)
    assert reason_of(advice) == (code, True)


def test_every_hard_code_is_hard():
    assert all(reason_of({"decline_code": code})[1] for code in HARD)


def test_a_question_for_an_absent_reader_is_never_left_open(nowhere, monkeypatch):
    def ask(intent_id, **_):
        nowhere.bank.things[intent_id]["status"] = "requires_action"
        return nowhere.bank.things[intent_id]

    monkeypatch.setattr(nowhere.bank, "confirm_intent", ask)
    remote = give(nowhere)

    assert (remote.state, remote.reason) == (RemoteState.DECLINED, "authentication_required")
    assert nowhere.still_possible() == []


def test_a_fee_in_another_currency_comes_with_what_the_gift_became_there(nowhere):
    nowhere.bank.settles_in = "usd"
    paid = give(nowhere)

    assert (paid.settled, paid.fee) == (Money(550, "USD"), Money(45, "USD"))


def test_a_fee_that_is_not_known_yet_is_nothing(nowhere):
    paid = give(nowhere)
    nowhere.bank.things[nowhere.bank.things[paid.id]["latest_charge"]]["balance_transaction"] = None

    assert paid.fee == Money(45, "EUR")
    assert nowhere.provider.fetch(remote_id=paid.id).fee == Money(0, "EUR")


def test_what_another_system_charges_each_month_goes_on_when_we_forget_a_card(nowhere):
    token = nowhere.bank.keep(WORKS)
    nowhere.bank.subscribe(token)

    nowhere.provider.forget(token)

    [customer] = nowhere.bank.customers()
    assert nowhere.bank.list_cards(customer["id"], limit=1)["data"] == []


def test_a_refund_is_given_once_though_its_key_is_forgotten(nowhere):
    paid, some = give(nowhere), Money(200, "EUR")
    first = nowhere.provider.refund(key="r1", remote_id=paid.id, money=some)
    nowhere.counter.forget_keys()

    assert nowhere.provider.refund(key="r1", remote_id=paid.id, money=some) == first
    assert nowhere.bank.owed("EUR") == 255


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_refund_that_failed_is_declined(nowhere, status):
    paid, some = give(nowhere), Money(200, "EUR")
    refund = nowhere.provider.refund(key="r1", remote_id=paid.id, money=some)
    nowhere.bank.things[refund.id]["status"] = status

    with pytest.raises(Declined):
        nowhere.provider.refund(key="r1", remote_id=paid.id, money=some)


def test_a_page_that_is_over_leads_back(nowhere):
    page = Page("http://testserver/thanks/", "en", False)
    nowhere.agree(nowhere.provider.open(ORDER, page))

    again = nowhere.provider.open(ORDER, page)

    assert (again.state, again.url) == (RemoteState.READY, "http://testserver/thanks/")


def test_a_key_that_is_being_answered_is_asked_again_later(nowhere):
    nowhere.counter.busy.add("key-1-page")

    with pytest.raises(Unreachable):
        nowhere.provider.open(ORDER, Page("http://testserver/thanks/", "en", False))


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 429, 500, 503])
def test_only_an_answer_that_is_certain_is_a_no(status):
    kinds = {401: stripe.AuthenticationError, 402: stripe.CardError, 403: stripe.PermissionError}
    kinds |= {400: stripe.InvalidRequestError, 404: stripe.InvalidRequestError}
    kind = kinds.get(status, stripe.RateLimitError if status == 429 else stripe.APIError)
    words = {"param": None, "code": None} if status in (400, 402, 404) else {}
    error = kind("no", http_status=status, **words)

    is_no = status in (400, 402, 404)
    with pytest.raises(Declined if is_no else Unreachable) as raised, stripe_line.asking():
        raise error
    assert "sk_" not in str(raised.value)


def test_a_payment_of_somebody_else_on_the_account_is_not_ours(nowhere):
    paid = give(nowhere)
    nowhere.bank.things[paid.id]["metadata"] = {}

    assert nowhere.provider.fetch(remote_id=paid.id) is None
    assert nowhere.provider.fetch(remote_id="sub_1") is None


def test_what_the_account_does_not_have_is_not_given_up_as_unpaid(nowhere):
    for remote_id in ("pi_000", "cs_000"):
        with pytest.raises(Unreachable):
            nowhere.provider.fetch(remote_id=remote_id)


@pytest.mark.parametrize("kind", ["refund", "dispute", "charge"])
def test_a_notice_about_a_part_is_about_its_payment(nowhere, kind):
    thing = {"id": "x_1", "object": kind, "payment_intent": "pi_1"}
    body = json.dumps({"id": "evt_1", "type": f"{kind}.made", "data": {"object": thing}}).encode()
    headers = nowhere.signed(body, at=NOON.timestamp())

    assert nowhere.provider.read_notice(body=body, headers=headers, now=NOON).object_id == "pi_1"


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_a_sum_arrives_as_it_was_sent(currency):
    # The ariary is counted in hundredths here, and whole there.
    for minor in (100, 2500, 12300, 999900) if currency == "MGA" else (10, 250, 1230, 99990):
        assert from_stripe(to_stripe(Money(minor, currency)), currency.lower()).minor == minor


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [
        (250, "EUR", 250), (500, "JPY", 500), (5, "ISK", 500), (250, "HUF", 250),
        (800, "TWD", 800), (5120, "KWD", 5120), (305, "RSD", 305), (7, "KRW", 7), (700, "MGA", 7),
    ],
)  # fmt: skip
def test_each_currency_is_written_by_its_rule(minor, currency, amount):
    assert to_stripe(Money(minor, currency)) == amount


def test_what_cannot_be_written_is_not_rounded(nowhere):
    for money in (Money(5124, "KWD"), Money(1, "TND"), Money(50, "MGA")):
        with pytest.raises(CannotBeWritten):
            to_stripe(money)
        with pytest.raises(Declined):
            nowhere.provider.charge_saved(Order("key-1", money), token="cus_1/pm_1")
    with pytest.raises(CannotBeWritten):
        from_stripe(550, "isk")


def test_where_stripe_counts_otherwise_is_known():
    counted = {
        code: to_stripe(Money(10_000, code)) // 10_000
        or -(10_000 // to_stripe(Money(10_000, code)))
        for code in CURRENCIES
    }

    assert {code: times for code, times in counted.items() if times != 1} == {
        "ISK": 100,
        "MGA": -100,
    }


def test_the_version_of_the_interface_is_the_one_the_types_are_of():
    assert stripe.api_version == stripe_line.API_VERSION


def test_nothing_about_this_machine_is_sent_or_written(nowhere):
    assert stripe.enable_telemetry is False


def test_no_log_names_a_payment(nowhere, caplog, settings):
    assert settings.LOGGING["loggers"]["stripe"] == {"level": "WARNING"}
    with caplog.at_level(logging.WARNING, logger="stripe"):
        give(nowhere, number=STOLEN)

    assert not [record for record in caplog.records if record.name == "stripe"]


@pytest.fixture
def fixtures():
    if not FIXTURES.exists():
        pytest.skip(f"no {FIXTURES}; see TAMIZDAT_INPUTS")
    return json.loads(FIXTURES.read_text())["resources"]


def test_our_stripe_has_no_field_that_stripe_has_not(nowhere, fixtures):
    paid = give(nowhere, keep=True)
    refund = nowhere.provider.refund(key="r1", remote_id=paid.id, money=Money(200, "EUR"))
    nowhere.bank.fail_refund(refund.id)
    nowhere.bank.decide(nowhere.bank.dispute(paid.id), won=True)
    nowhere.bank.pay_out("EUR") if nowhere.bank.owed("EUR") > 25 else None
    for thing in nowhere.bank.things.values():
        assert ID.fullmatch(thing["id"]) or "_" in thing["id"]
        ours = {name for name in thing if not name.startswith("_")}
        assert ours <= fixtures[thing["object"]].keys(), thing["object"]


def test_more_than_a_page_of_its_account_is_read_oldest_first(nowhere):
    for n in range(205):
        nowhere.bank.charge_for_itself(n + 1, "EUR")

    since = datetime.now(UTC) - timedelta(minutes=1)
    lines = nowhere.provider.account_lines(since=since, until=since + timedelta(hours=1))

    assert [line.net.minor for line in lines] == [-n for n in range(1, 206)]


def test_an_inquiry_that_moved_no_money_is_no_dispute(nowhere):
    paid = give(nowhere)
    dispute = nowhere.bank.things[nowhere.bank.dispute(paid.id)]
    dispute.update(status="warning_needs_response", balance_transactions=[])

    assert nowhere.provider.fetch(remote_id=paid.id).disputes == ()


def test_stripe_s_own_account_is_read(fixtures):
    moved = fixtures["balance_transaction"] | {"source": fixtures["charge"]}
    line = stripe_account._line(moved)

    assert line.movement in (Movement.PAYMENT, Movement.OTHER)
    assert line.net == from_stripe(moved["net"], moved["currency"])
    dispute = fixtures["dispute"] | {"balance_transactions": [moved], "status": "won"}
    assert stripe_account._dispute(dispute).state is DisputeState.WON


def test_stripe_s_own_objects_are_read(fixtures):
    intent = fixtures["payment_intent"] | {
        "metadata": {"key": "k", "card": "kept"}, "customer": "cus_1", "status": "succeeded",
        "last_payment_error": None, "payment_method": fixtures["payment_method"],
        "latest_charge": fixtures["charge"]
        | {"balance_transaction": fixtures["balance_transaction"] | {"fee": 62}},
    }  # fmt: skip
    remote = stripe_answers.of_payment(intent)

    assert (remote.state, remote.money, remote.fee, remote.issuer_country) == (
        RemoteState.SUCCEEDED, Money(1099, "USD"), Money(62, "USD"), "US",
    )  # fmt: skip
    assert remote.token == f"cus_1/{fixtures['payment_method']['id']}"


@pytest.mark.parametrize(
    ("status", "state"), [("open", "WAITING"), ("expired", "CANCELED"), ("complete", "READY")]
)
def test_stripe_s_own_pages_are_read(fixtures, status, state):
    noted = {"key": "k", "card": "once", "amount": "250", "currency": "EUR"}
    setup = fixtures["setup_intent"] | {"payment_method": fixtures["payment_method"]}
    session = fixtures["checkout.session"] | {
        "metadata": noted, "status": status, "setup_intent": setup,
    }  # fmt: skip

    assert stripe_answers.of_page(session).state is RemoteState[state]
    assert stripe_answers.of_page(session).money == Money(250, "EUR")
