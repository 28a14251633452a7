"""What every provider must do, run against each one: over a socket, and in this process."""

import contextlib
import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Forged, Unreachable
from tamizdat.payments.providers.account import DisputeState, Movement
from tamizdat.payments.providers.base import Order, Page, RemoteState
from tamizdat.payments.providers.btcpay_line import Line
from tamizdat.payments.providers.demo import DemoBank
from tamizdat.payments.providers.paypal import PayPal
from tamizdat.payments.providers.stripe import Stripe
from tests.conftest import NOON
from tests.demo_bank.nowhere import SECRET, Nowhere
from tests.payments.banks import BANKS, EVENT
from tests.payments.btcpay_nowhere import KEY as BTCPAY_KEY
from tests.payments.btcpay_nowhere import BTCPayNowhere
from tests.payments.paying import take
from tests.payments.paypal_nowhere import PayPalNowhere, an_app
from tests.payments.sockets import a_socket
from tests.payments.stripe_nowhere import KEY, StripeNowhere

ORDER = Order(key="key-1", money=Money(500, "EUR"))
PAGE = Page(return_url="http://testserver/thanks/", language="ru", keep_instrument=True)
ONCE = replace(PAGE, keep_instrument=False)
CARDS = [*BANKS, *(f"{code} over a socket" for code in BANKS)]
COINS = ["btcpay", "btcpay over a socket"]  # nobody is charged: the giver sends


@pytest.fixture
def demo_bank_over_a_socket():
    nowhere = Nowhere()
    with a_socket(nowhere.app) as address:
        nowhere.provider = DemoBank(address, SECRET)
        yield nowhere
        nowhere.provider._client.close()


@pytest.fixture
def stripe_over_a_socket():
    nowhere = StripeNowhere()
    with a_socket(nowhere.app) as address:
        nowhere.serve_from(address)
        yield nowhere
        nowhere.provider.line.close()


@pytest.fixture
def paypal_over_a_socket():
    nowhere = PayPalNowhere()
    with a_socket(nowhere.app) as address:
        nowhere.serve_from(address)
        yield nowhere
        nowhere.provider.line.close()


@pytest.fixture
def btcpay_over_a_socket():
    nowhere = BTCPayNowhere()
    with a_socket(nowhere.app) as address:
        nowhere.provider = nowhere.provider_over(Line(address, BTCPAY_KEY))
        yield nowhere
        nowhere.provider.line.close()


def _bank(request):
    if " " in request.param:
        return request.getfixturevalue(request.param.replace(" ", "_").replace("-", "_"))
    return (BANKS | {"btcpay": BTCPayNowhere})[request.param]()


@pytest.fixture(params=CARDS)
def nowhere(request):
    return _bank(request)


@pytest.fixture(params=[*CARDS, *COINS])
def anybody(request):
    """Whoever moves money, charged or sent."""
    return _bank(request)


@pytest.fixture
def provider(nowhere):
    return nowhere.provider


@pytest.fixture
def ready(nowhere, provider):
    """A payment whose reader has agreed."""
    remote = provider.open(ORDER, PAGE)
    nowhere.agree(remote)
    return provider.fetch(remote_id=remote.id)


def test_opening_twice_with_one_key_opens_one_payment(anybody):
    assert anybody.provider.open(ORDER, ONCE) == anybody.provider.open(ORDER, ONCE)


def test_a_key_means_one_thing_for_ever(anybody):
    anybody.provider.open(ORDER, ONCE)

    with pytest.raises(Declined):
        anybody.provider.open(Order(key="key-1", money=Money(501, "EUR")), ONCE)


def test_a_payment_is_found_by_its_id(anybody):
    provider = anybody.provider
    remote = provider.open(ORDER, ONCE)

    assert provider.fetch(remote_id=remote.id) == remote
    assert provider.fetch(key="another") is None


def test_what_cannot_be_found_by_our_key_has_taken_nothing(nowhere, provider, ready):
    kept = take(provider, ready)
    saved = provider.charge_saved(Order(key="key-2", money=Money(700, "EUR")), token=kept.token)

    by_key = provider.fetch(key="key-2")

    assert by_key == saved or len(nowhere.money_taken()) == 1


def test_the_country_is_known_before_any_money_moves(nowhere, ready):
    assert (ready.state, ready.issuer_country) == (RemoteState.READY, "US")
    assert nowhere.money_taken() == []


def test_confirming_twice_takes_the_money_once(nowhere, provider, ready):
    assert take(provider, ready) == take(provider, ready)
    assert nowhere.bank.owed("EUR") == 455


def test_a_kept_card_is_charged_once_for_a_key(nowhere, provider, ready):
    order = Order(key="key-2", money=Money(700, "EUR"))
    token = take(provider, ready).token

    first = take(provider, provider.charge_saved(order, token=token))

    assert (first.state, first.issuer_country) == (RemoteState.SUCCEEDED, "US")
    assert take(provider, provider.charge_saved(order, token=token)) == first
    assert len(nowhere.money_taken()) == 2


def test_a_token_the_provider_does_not_know_is_declined(provider):
    with pytest.raises(Declined):
        provider.charge_saved(ORDER, token="made up")


def test_what_is_canceled_takes_no_money(nowhere, provider, ready):
    assert provider.cancel(key="key-1", remote_id=ready.id).state is RemoteState.CANCELED
    assert take(provider, ready).state is RemoteState.CANCELED
    assert nowhere.money_taken() == []


def test_a_key_canceled_before_it_arrived_takes_no_money_when_it_does(nowhere, provider, ready):
    token = take(provider, ready).token
    order = Order(key="key-2", money=Money(700, "EUR"))
    assert provider.cancel(key="key-2") is None

    with contextlib.suppress(Declined):
        provider.charge_saved(order, token=token)
    assert len(nowhere.money_taken()) == 1


def test_what_is_taken_cannot_be_canceled(provider, ready):
    taken = take(provider, ready)

    assert provider.cancel(key="key-1", remote_id=taken.id).state is RemoteState.SUCCEEDED


def test_no_more_is_given_back_than_was_taken(provider, ready):
    taken = take(provider, ready)
    half = Money(250, "EUR")

    first = provider.refund(key="r1", remote_id=taken.id, money=half)
    assert first.money == half
    assert provider.refund(key="r1", remote_id=taken.id, money=half) == first
    with pytest.raises(Declined):
        provider.refund(key="r2", remote_id=taken.id, money=Money(251, "EUR"))


def test_a_refund_is_found_by_our_key_however_long_ago(nowhere, provider, ready):
    words = {"key": "r1", "remote_id": take(provider, ready).id}
    assert provider.find_refund(**words) is None
    given = provider.refund(**words, money=Money(250, "EUR"))

    nowhere.bank.dial.turn(forget=True)

    assert provider.find_refund(**words) == given


def test_what_went_back_of_a_payment_is_told_by_whomever_it_was(nowhere, provider, ready):
    taken = take(provider, ready)
    ours = provider.refund(key="r1", remote_id=taken.id, money=Money(100, "EUR"))
    nowhere.bank.refund_by_hand(taken.id, 150)

    known = provider.fetch(remote_id=taken.id)

    assert known.refunds[0] == ours
    assert [refund.money.minor for refund in known.refunds] == [100, 150]


def test_a_refund_that_fails_later_says_so_and_its_line_names_it(nowhere, provider, ready):
    since = datetime.now(UTC) - timedelta(seconds=2)
    taken = take(provider, ready)
    words = {"key": "r1", "remote_id": taken.id}
    given = provider.refund(**words, money=Money(200, "EUR"))
    nowhere.bank.fail_refund(given.id)

    known = provider.fetch(remote_id=taken.id)
    assert known.refunds == (replace(given, has_failed=True),)
    with pytest.raises(Declined):
        provider.find_refund(**words)
    *_, line = provider.account_lines(since=since, until=since + timedelta(hours=1))
    assert (line.movement, line.object_id) == (Movement.REFUND_RETURN, given.id)
    assert line.net == Money(200, "EUR")
    assert provider.refund(key="r2", remote_id=taken.id, money=Money(500, "EUR"))


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_is_told_with_what_it_cost(nowhere, provider, ready, won):
    taken = take(provider, ready)
    dispute_id = nowhere.bank.dispute(taken.id)

    (disputed,) = provider.fetch(remote_id=taken.id).disputes
    assert (disputed.id, disputed.state) == (dispute_id, DisputeState.OPEN)
    assert (disputed.money, disputed.fee) == (Money(500, "EUR"), Money(nowhere.dispute_fee, "EUR"))

    nowhere.bank.decide(dispute_id, won=won)

    (decided,) = provider.fetch(remote_id=taken.id).disputes
    assert decided.state is (DisputeState.WON if won else DisputeState.LOST)


def test_its_account_with_us_is_told_line_by_line(nowhere, provider, ready):
    since = datetime.now(UTC) - timedelta(seconds=2)
    taken = take(provider, ready)
    given = provider.refund(key="r1", remote_id=taken.id, money=Money(100, "EUR"))
    dispute = nowhere.bank.dispute(taken.id)
    nowhere.bank.decide(dispute, won=True)
    held = nowhere.bank.owed("EUR")
    until = since + timedelta(hours=1)

    lines = list(provider.account_lines(since=since, until=until))

    assert [(line.movement.value, line.object_id, line.gross.minor) for line in lines] == [
        ("payment", taken.id, 500), ("refund", given.id, -100), ("dispute", dispute, -400),
        ("dispute_return", dispute, 400),
    ]  # fmt: skip
    assert {line.payment_id for line in lines} == {taken.id}
    assert sum(line.net.minor for line in lines) == held
    assert len({line.id for line in lines}) == 4
    assert not list(provider.account_lines(since=until, until=until + timedelta(days=1)))


def test_of_a_payment_that_is_disputed_again_each_line_is_of_its_own_dispute(
    nowhere, provider, ready
):
    since = datetime.now(UTC) - timedelta(seconds=2)
    taken = take(provider, ready)
    first = nowhere.bank.dispute(taken.id)
    nowhere.bank.decide(first, won=True)
    second = nowhere.bank.dispute(taken.id)

    lines = list(provider.account_lines(since=since, until=since + timedelta(hours=1)))

    assert [line.object_id for line in lines[1:]] == [first, first, second]


def test_a_payout_is_in_the_account_of_no_payment(nowhere, provider, ready):
    taken = take(provider, ready)
    payout = nowhere.bank.pay_out("EUR")
    now = datetime.now(UTC)

    *_, line = provider.account_lines(
        since=now - timedelta(hours=1), until=now + timedelta(hours=1)
    )

    assert (line.movement, line.object_id, line.payment_id) == (Movement.PAYOUT, payout, "")
    assert (line.net, line.fee) == (Money(taken.fee.minor - 500, "EUR"), Money(25, "EUR"))


@pytest.mark.parametrize("verb", ["open", "fetch", "cancel", "account_lines"])
def test_when_it_breaks_we_do_not_know(anybody, verb):
    provider = anybody.provider
    known = provider.open(Order(key="key-2", money=Money(5, "EUR")), ONCE)
    anybody.bank.dial.turn(break_before=1)
    asked = {
        "open": lambda: provider.open(ORDER, ONCE),
        "fetch": lambda: provider.fetch(remote_id=known.id),
        "cancel": lambda: provider.cancel(key="key-2", remote_id=known.id),
        "account_lines": lambda: list(provider.account_lines(since=NOON, until=NOON)),
    }

    with pytest.raises(Unreachable):
        asked[verb]()


def test_a_time_out_after_success_is_unreachable_and_then_found(nowhere, provider, ready):
    # Where an order or a page is not what takes the money, that gets its name first.
    first = ready if provider.code == "demo-bank" else provider.confirm(ready)
    nowhere.bank.dial.turn(break_after=1)

    with pytest.raises(Unreachable):
        provider.confirm(first)

    found = provider.fetch(remote_id=first.id)
    assert found.state in (RemoteState.SUCCEEDED, RemoteState.HELD)
    assert take(provider, found).state is RemoteState.SUCCEEDED
    assert len(nowhere.money_taken()) == 1


@pytest.mark.parametrize("seal", ["", "t=1,v1=" + "0" * 64, "t=1,v1=", "nonsense", "t=,v1=a"])
def test_an_unsigned_notice_is_forged_whatever_it_says(anybody, seal):
    provider = anybody.provider
    headers = {"Bank-Signature": seal, "Stripe-Signature": seal, "BTCPay-Sig": seal}
    headers["PayPal-Transmission-Sig"] = seal

    for body in (b"not even json", b"\xff\xfe"):
        with pytest.raises(Forged):
            provider.read_notice(body=body, headers=headers, now=NOON)


def test_a_signature_lasts_five_minutes(nowhere, provider):
    body = json.dumps(EVENT).encode()
    words = {"body": body, "headers": nowhere.signed(body, at=NOON.timestamp())}

    for minutes in (-5, 0, 5):
        notice = provider.read_notice(**words, now=NOON + timedelta(minutes=minutes))
        assert (notice.event_id, notice.object_id.rpartition("/")[2]) == ("evt_1", "pay_1")
    for minutes in (-6, 6):
        with pytest.raises(Forged):
            provider.read_notice(**words, now=NOON + timedelta(minutes=minutes))


def test_another_s_true_signature_does_not_fit(anybody):
    headers = anybody.signed(b'{"id": "1"}', at=NOON.timestamp())

    with pytest.raises(Forged):
        anybody.provider.read_notice(body=b'{"id": "2"}', headers=headers, now=NOON)


@pytest.mark.parametrize("bank", [DemoBank, Stripe, PayPal, BTCPayNowhere])
def test_a_bank_that_never_answers_is_given_up_on(bank):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        provider = {
            DemoBank: lambda: DemoBank(address, SECRET, timeout=0.1),
            Stripe: lambda: Stripe(KEY, "", address=address, timeout=0.1),
            PayPal: lambda: PayPal(an_app(address), timeout=0.1),
            BTCPayNowhere: lambda: BTCPayNowhere().provider_over(
                Line(address, BTCPAY_KEY, timeout=0.1)
            ),
        }[bank]()
        with pytest.raises(Unreachable, match="Timeout"):
            provider.open(ORDER, ONCE)
        (provider._client if bank is DemoBank else provider.line).close()


def test_a_reader_s_browser_may_be_sent_to_its_page(anybody):
    page = anybody.provider.open(ORDER, ONCE)
    assert page.url.startswith(f"{anybody.provider.page_origin}/")


def test_where_it_cannot_charge_again_it_opens_no_page_that_promises_it(anybody):
    if not anybody.provider.keeps_instruments:
        with pytest.raises(Declined):
            anybody.provider.open(ORDER, PAGE)
        with pytest.raises(Declined):
            anybody.provider.charge_saved(ORDER, token="made up")
    else:
        assert anybody.provider.open(ORDER, PAGE).state is RemoteState.WAITING


def test_a_stranger_who_does_not_know_the_secret_gets_nothing():
    stranger = Nowhere().app.test_client()

    assert stranger.get("/v1/payments?key=key-1").status_code == 401
    assert stranger.post("/v1/faults", json={"decline": 1}).status_code == 401


def test_the_demo_bank_is_sent_nothing_but_a_key_and_a_sum():
    nowhere = Nowhere()
    row = nowhere.bank.find(payment_id=nowhere.provider.open(ORDER, PAGE).id)
    asked = {"key", "asked", "amount", "currency", "return_url", "language", "keep"}
    bank_s_own = {"id", "state", "fee", "number", "token", "reason", "is_hard", "at", "tells_fee"}
    bank_s_own |= {"refunded", "disputed", "refunds", "disputes"}

    assert row.keys() == asked | bank_s_own | {"country", "card", "risk"}
