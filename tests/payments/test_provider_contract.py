"""What every provider must do, run against each one: over a socket, and in this process."""

import socket
import threading
from datetime import timedelta

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Forged, Unreachable
from tamizdat.payments.providers.base import Order, Page, RemoteState
from tamizdat.payments.providers.demo import DemoBank
from tests.conftest import NOON
from tests.demo_bank.nowhere import ADDRESS, SECRET, WORKS, Nowhere

ORDER = Order(key="key-1", money=Money(500, "EUR"))
PAGE = Page(return_url="http://testserver/thanks/", language="ru", keep_instrument=True)


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


@pytest.fixture
def over_a_socket():
    nowhere = Nowhere()
    server = make_server("127.0.0.1", 0, nowhere.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    nowhere.provider = DemoBank(f"http://127.0.0.1:{server.server_port}", SECRET)
    yield nowhere
    nowhere.provider._client.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["in this process", "over a socket"])
def nowhere(request):
    if request.param == "in this process":
        return Nowhere()
    return request.getfixturevalue("over_a_socket")


@pytest.fixture
def provider(nowhere):
    return nowhere.provider


@pytest.fixture
def ready(nowhere, provider):
    """A payment whose reader has agreed."""
    remote = provider.open(ORDER, PAGE)
    nowhere.bank.choose(remote.id, WORKS)
    return provider.fetch(remote_id=remote.id)


def test_opening_twice_with_one_key_opens_one_payment(provider):
    assert provider.open(ORDER, PAGE) == provider.open(ORDER, PAGE)


def test_a_key_means_one_thing_for_ever(provider):
    provider.open(ORDER, PAGE)

    with pytest.raises(Declined):
        provider.open(Order(key="key-1", money=Money(501, "EUR")), PAGE)


def test_a_payment_is_found_by_its_id_and_by_our_key(provider):
    remote = provider.open(ORDER, PAGE)

    assert provider.fetch(key="key-1") == provider.fetch(remote_id=remote.id) == remote
    assert provider.fetch(key="another") is None


def test_the_country_is_known_before_any_money_moves(ready):
    assert (ready.state, ready.issuer_country) == (RemoteState.READY, "US")


def test_confirming_twice_takes_the_money_once(nowhere, provider, ready):
    assert provider.confirm(ready) == provider.confirm(ready)
    assert nowhere.bank.owed("EUR") == 455


def test_a_kept_card_is_charged_once_for_a_key(nowhere, provider, ready):
    order = Order(key="key-2", money=Money(700, "EUR"))

    first = provider.charge_saved(order, token=ready.token)

    assert first.state is RemoteState.SUCCEEDED
    assert provider.charge_saved(order, token=ready.token) == first
    assert len(nowhere.money_taken()) == 1


def test_a_token_the_provider_does_not_know_is_declined(provider):
    with pytest.raises(Declined):
        provider.charge_saved(ORDER, token="made up")


def test_what_is_canceled_takes_no_money(nowhere, provider, ready):
    assert provider.cancel(key="key-1").state is RemoteState.CANCELED
    assert provider.confirm(ready).state is RemoteState.CANCELED
    assert nowhere.money_taken() == []


def test_a_key_canceled_before_it_arrived_is_refused_when_it_does(provider):
    assert provider.cancel(key="key-1") is None

    with pytest.raises(Declined):
        provider.open(ORDER, PAGE)


def test_what_is_taken_cannot_be_canceled(provider, ready):
    provider.confirm(ready)

    assert provider.cancel(key="key-1").state is RemoteState.SUCCEEDED


def test_no_more_is_given_back_than_was_taken(provider, ready):
    provider.confirm(ready)
    half = Money(250, "EUR")

    assert provider.refund(key="r1", remote_id=ready.id, money=half).money == half
    again = provider.refund(key="r1", remote_id=ready.id, money=half)
    assert again == provider.refund(key="r1", remote_id=ready.id, money=half)
    with pytest.raises(Declined):
        provider.refund(key="r2", remote_id=ready.id, money=Money(251, "EUR"))


def test_a_refund_is_found_by_our_key_however_long_ago(nowhere, provider, ready):
    provider.confirm(ready)
    words = {"key": "r1", "remote_id": ready.id}
    assert provider.find_refund(**words) is None
    given = provider.refund(**words, money=Money(250, "EUR"))

    nowhere.bank.dial.turn(forget=True)

    assert provider.find_refund(**words) == given


@pytest.mark.parametrize("verb", ["open", "fetch", "cancel"])
def test_when_it_breaks_we_do_not_know(nowhere, provider, verb):
    nowhere.bank.dial.turn(break_before=1)
    asked = {
        "open": lambda: provider.open(ORDER, PAGE),
        "fetch": lambda: provider.fetch(key="key-1"),
        "cancel": lambda: provider.cancel(key="key-1"),
    }

    with pytest.raises(Unreachable):
        asked[verb]()


def test_a_time_out_after_success_is_unreachable_and_then_found(nowhere, provider, ready):
    nowhere.bank.dial.turn(break_after=1)

    with pytest.raises(Unreachable):
        provider.confirm(ready)

    assert provider.fetch(key="key-1").state is RemoteState.SUCCEEDED


@pytest.mark.parametrize("headers", [{}, {"Bank-Signature": "t=1,v1=" + "0" * 64}])
def test_an_unsigned_notice_is_forged_whatever_it_says(provider, headers):
    with pytest.raises(Forged):
        provider.read_notice(body=b"not even json", headers=headers, now=NOON)


def test_a_signature_lasts_five_minutes(nowhere, provider):
    nowhere.courier._clock = NOON.timestamp
    body = b'{"id": "evt_1", "type": "payment.ready", "object": "pay_1"}'
    words = {"body": body, "headers": nowhere.courier._headers(body)}

    for minutes in (-5, 0, 5):
        notice = provider.read_notice(**words, now=NOON + timedelta(minutes=minutes))
        assert (notice.event_id, notice.object_id) == ("evt_1", "pay_1")
    for minutes in (-6, 6):
        with pytest.raises(Forged):
            provider.read_notice(**words, now=NOON + timedelta(minutes=minutes))


def test_a_stranger_who_does_not_know_the_secret_gets_nothing(nowhere):
    stranger = nowhere.app.test_client()

    assert stranger.get("/v1/payments?key=key-1").status_code == 401
    assert stranger.post("/v1/faults", json={"decline": 1}).status_code == 401


def test_a_bank_that_never_answers_is_given_up_on():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        provider = DemoBank(address, SECRET, timeout=0.1)
        with pytest.raises(Unreachable, match="Timeout"):
            provider.fetch(key="key-1")
        provider._client.close()


def test_the_bank_is_sent_nothing_but_a_key_and_a_sum(nowhere, provider, ready):
    row = nowhere.bank.find(payment_id=ready.id)
    asked = {"key", "asked", "amount", "currency", "return_url", "language", "keep"}
    bank_s_own = {"id", "state", "fee", "refunded", "number", "token", "reason", "is_hard"}

    assert row.keys() == asked | bank_s_own | {"country"}
    assert nowhere.provider.page_origin.startswith(("http://127.0.0.1", ADDRESS))
