"""What every provider must do, run against each one: over a socket, and in this process."""

import contextlib
import json
import socket
import threading
from datetime import timedelta

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Forged, Unreachable
from tamizdat.payments.providers.base import Order, Page, RemoteState
from tamizdat.payments.providers.demo import DemoBank
from tamizdat.payments.providers.stripe import Stripe
from tests.conftest import NOON
from tests.demo_bank.nowhere import SECRET, Nowhere
from tests.payments.banks import BANKS
from tests.payments.stripe_nowhere import KEY, StripeNowhere

ORDER = Order(key="key-1", money=Money(500, "EUR"))
PAGE = Page(return_url="http://testserver/thanks/", language="ru", keep_instrument=True)


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


@contextlib.contextmanager
def a_socket(app):
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


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
        nowhere.provider = Stripe(KEY, "whsec_of_a_test", address=address)
        yield nowhere
        nowhere.provider.line.close()


@pytest.fixture(params=["demo-bank", "stripe", "demo-bank over a socket", "stripe over a socket"])
def nowhere(request):
    if " " in request.param:
        return request.getfixturevalue(request.param.replace(" ", "_").replace("-", "_"))
    return BANKS[request.param]()


@pytest.fixture
def provider(nowhere):
    return nowhere.provider


@pytest.fixture
def ready(nowhere, provider):
    """A payment whose reader has agreed."""
    remote = provider.open(ORDER, PAGE)
    nowhere.agree(remote)
    return provider.fetch(remote_id=remote.id)


def take(provider, remote):
    """Confirm it, under each name it gets on the way."""
    while remote.state is RemoteState.READY:
        known, remote = remote.id, provider.confirm(remote)
        assert remote.state is not RemoteState.READY or remote.id != known
    return remote


def test_opening_twice_with_one_key_opens_one_payment(provider):
    assert provider.open(ORDER, PAGE) == provider.open(ORDER, PAGE)


def test_a_key_means_one_thing_for_ever(provider):
    provider.open(ORDER, PAGE)

    with pytest.raises(Declined):
        provider.open(Order(key="key-1", money=Money(501, "EUR")), PAGE)


def test_a_payment_is_found_by_its_id(provider):
    remote = provider.open(ORDER, PAGE)

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


@pytest.mark.parametrize("verb", ["open", "fetch", "cancel"])
def test_when_it_breaks_we_do_not_know(nowhere, provider, verb):
    known = provider.open(Order(key="key-2", money=Money(5, "EUR")), PAGE)
    nowhere.bank.dial.turn(break_before=1)
    asked = {
        "open": lambda: provider.open(ORDER, PAGE),
        "fetch": lambda: provider.fetch(remote_id=known.id),
        "cancel": lambda: provider.cancel(key="key-2", remote_id=known.id),
    }

    with pytest.raises(Unreachable):
        asked[verb]()


def test_a_time_out_after_success_is_unreachable_and_then_found(nowhere, provider, ready):
    first = provider.confirm(ready) if provider.code == "stripe" else ready  # gets its name there
    nowhere.bank.dial.turn(break_after=1)

    with pytest.raises(Unreachable):
        provider.confirm(first)

    assert provider.fetch(remote_id=first.id).state is RemoteState.SUCCEEDED


@pytest.mark.parametrize("seal", ["", "t=1,v1=" + "0" * 64, "t=1,v1=", "nonsense", "t=,v1=a"])
def test_an_unsigned_notice_is_forged_whatever_it_says(provider, seal):
    headers = {"Bank-Signature": seal, "Stripe-Signature": seal}

    for body in (b"not even json", b"\xff\xfe"):
        with pytest.raises(Forged):
            provider.read_notice(body=body, headers=headers, now=NOON)


def test_a_signature_lasts_five_minutes(nowhere, provider):
    event = {"id": "evt_1", "type": "payment.ready", "object": "p_1", "data": {"object": {}}}
    event["data"]["object"] = {"id": "p_1"}
    body = json.dumps(event).encode()
    words = {"body": body, "headers": nowhere.signed(body, at=NOON.timestamp())}

    for minutes in (-5, 0, 5):
        notice = provider.read_notice(**words, now=NOON + timedelta(minutes=minutes))
        assert (notice.event_id, notice.object_id) == ("evt_1", "p_1")
    for minutes in (-6, 6):
        with pytest.raises(Forged):
            provider.read_notice(**words, now=NOON + timedelta(minutes=minutes))


def test_another_s_true_signature_does_not_fit(nowhere, provider):
    headers = nowhere.signed(b'{"id": "1"}', at=NOON.timestamp())

    with pytest.raises(Forged):
        provider.read_notice(body=b'{"id": "2"}', headers=headers, now=NOON)


@pytest.mark.parametrize("bank", [DemoBank, Stripe])
def test_a_bank_that_never_answers_is_given_up_on(bank):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        provider = {
            DemoBank: lambda: DemoBank(address, SECRET, timeout=0.1),
            Stripe: lambda: Stripe(KEY, "", address=address, timeout=0.1),
        }[bank]()
        with pytest.raises(Unreachable, match="Timeout"):
            provider.open(ORDER, PAGE)
        (provider.line if bank is Stripe else provider._client).close()


def test_a_reader_s_browser_may_be_sent_to_its_page(provider):
    assert provider.open(ORDER, PAGE).url.startswith(f"{provider.page_origin}/")


def test_a_stranger_who_does_not_know_the_secret_gets_nothing():
    stranger = Nowhere().app.test_client()

    assert stranger.get("/v1/payments?key=key-1").status_code == 401
    assert stranger.post("/v1/faults", json={"decline": 1}).status_code == 401


def test_the_demo_bank_is_sent_nothing_but_a_key_and_a_sum():
    nowhere = Nowhere()
    row = nowhere.bank.find(payment_id=nowhere.provider.open(ORDER, PAGE).id)
    asked = {"key", "asked", "amount", "currency", "return_url", "language", "keep"}
    bank_s_own = {"id", "state", "fee", "refunded", "number", "token", "reason", "is_hard"}

    assert row.keys() == asked | bank_s_own | {"country"}
