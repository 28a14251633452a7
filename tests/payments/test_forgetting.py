"""Having a provider forget a card or an account: what each must do, and what the worker asks."""

import contextlib
from datetime import timedelta

import pytest

from tamizdat.lib.money import Money
from tamizdat.payments import forgetting
from tamizdat.payments.errors import Declined, Unreachable, WrongState
from tamizdat.payments.models import Instrument
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Order, Page
from tests.conftest import NOON
from tests.demo_bank.nowhere import WORKS
from tests.payments.banks import BANKS, make_deaf, only
from tests.payments.btcpay_nowhere import BTCPayNowhere
from tests.payments.paying import take

PAGE = Page(return_url="http://testserver/thanks/", language="ru", keep_instrument=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def provider(nowhere):
    return nowhere.provider


@pytest.fixture
def taken(nowhere, provider):
    """A payment whose reader let us keep what they paid with."""
    remote = provider.open(Order("key-1", Money(500, "EUR")), PAGE)
    nowhere.agree(remote)
    return take(provider, provider.fetch(remote_id=remote.id))


@pytest.fixture
def instrument(db, nowhere):
    return kept(nowhere)


def kept(nowhere, *, token="", state="revoked"):
    token = token or nowhere.bank.keep(WORKS)
    token = token if "/" in token or nowhere.provider.code == "demo-bank" else f"US/{token}"
    return Instrument.objects.create(
        provider=nowhere.provider.code,
        sealed_token=Instrument.seal(token),
        issuer_country="US",
        state=state,
        created_at=NOON,
    )


def is_kept(nowhere, token):
    try:
        return bool(nowhere.provider.kept(token))
    except Declined:
        return False


def test_what_is_forgotten_is_charged_no_more(nowhere, provider, taken):
    for _twice in range(2):
        provider.forget(taken.token)

    assert not is_kept(nowhere, taken.token)
    with contextlib.suppress(Declined):
        order = Order("key-2", Money(700, "EUR"))
        take(provider, provider.charge_saved(order, token=taken.token))
    assert [payment["key"] for payment in nowhere.money_taken()] == ["key-1"]


def test_what_a_forgotten_card_paid_is_known_and_can_be_given_back(provider, taken):
    provider.forget(taken.token)

    assert provider.refund(key="r1", remote_id=taken.id, money=Money(500, "EUR"))
    assert provider.fetch(remote_id=taken.id).issuer_country == "US"


def test_when_it_breaks_nobody_knows_whether_it_was_forgotten(nowhere, provider, taken):
    nowhere.bank.dial.turn(break_before=1)

    with pytest.raises(Unreachable):
        provider.forget(taken.token)


@pytest.mark.parametrize("bank", [*BANKS.values(), BTCPayNowhere])
def test_a_token_that_nobody_knows_is_forgotten(bank):
    bank().provider.forget("made up")


def test_the_worker_has_its_provider_forget_what_was_revoked(nowhere, instrument):
    token = instrument.token

    assert forgetting.forget_revoked(now=NOON) == 1

    instrument.refresh_from_db()
    assert instrument.sealed_token is None
    assert not is_kept(nowhere, token)
    with pytest.raises(WrongState, match="was forgotten"):
        _ = instrument.token
    assert forgetting.forget_revoked(now=NOON) == 0


@pytest.mark.parametrize("state", ["active", "expired"])
def test_what_may_be_charged_yet_is_not_forgotten(db, nowhere, state):
    instrument = kept(nowhere, state=state)

    assert forgetting.forget_revoked(now=NOON) == 0
    assert is_kept(nowhere, instrument.token)


def test_one_that_does_not_answer_is_asked_once_in_a_round_and_holds_up_nobody(nowhere, instrument):
    kept(nowhere)
    other = BANKS["stripe" if nowhere.provider.code != "stripe" else "demo-bank"]()
    registry.register(other.provider)
    kept(other)
    nowhere.bank.dial.turn(break_before=2)

    assert [forgetting.forget_revoked(now=NOON) for _round in range(3)] == [1, 0, 2]


def test_a_card_about_which_its_provider_never_answers_holds_up_no_other(nowhere, instrument):
    kept(nowhere)
    make_deaf(nowhere, "forget", instrument.token)

    assert sum(forgetting.forget_revoked(now=NOON) for _round in range(30)) == 1


def test_of_a_provider_that_is_not_set_up_nothing_is_asked(nowhere, instrument):
    with only(BTCPayNowhere()):
        assert forgetting.forget_revoked(now=NOON) == 0

    assert forgetting.forget_revoked(now=NOON) == 1


def test_a_card_by_which_another_gift_is_charged_is_forgotten_with_the_last_one(
    nowhere, instrument
):
    token = instrument.token
    other = kept(nowhere, token=token, state="active")

    assert forgetting.forget_revoked(now=NOON) == 1
    assert is_kept(nowhere, token)
    other.revoke()
    assert forgetting.forget_revoked(now=NOON) == 1
    assert not is_kept(nowhere, token)


def test_what_cannot_be_opened_is_looked_at_again_the_next_day(nowhere, instrument):
    seal = bytes(instrument.sealed_token)
    Instrument.objects.update(sealed_token=b"cannot be read")
    assert forgetting.forget_revoked(now=NOON) == 0
    Instrument.objects.update(sealed_token=seal)

    assert forgetting.forget_revoked(now=NOON + timedelta(days=1) - MINUTE) == 0
    assert forgetting.forget_revoked(now=NOON + timedelta(days=1)) == 1


@pytest.mark.parametrize("name", ["stripe"])
def test_a_customer_who_has_another_card_keeps_that(db, name):
    with only(BANKS[name]()) as nowhere:
        token = kept(nowhere).token
        customer = token.partition("/")[0]
        other = nowhere.bank.attach("pm_card_visa", customer=customer)

        assert forgetting.forget_revoked(now=NOON) == 1

        assert not is_kept(nowhere, token)
        assert is_kept(nowhere, f"{customer}/{other['id']}")


@pytest.mark.parametrize("name", ["paypal"])
def test_an_account_is_forgotten_once_paypal_says_what_it_kept_it_as(db, name):
    with only(BANKS[name]()) as nowhere:
        nowhere.bank.keeps_at_once = False
        remote = nowhere.provider.open(Order("key-1", Money(500, "EUR")), PAGE)
        nowhere.agree(remote)
        token = take(nowhere.provider, nowhere.provider.fetch(remote_id=remote.id)).token
        instrument = kept(nowhere, token=token)
        assert forgetting.forget_revoked(now=NOON) == 0

        nowhere.bank.say_what_is_kept(token.rpartition("/")[2])

        assert forgetting.forget_revoked(now=NOON + timedelta(days=1)) == 1
        instrument.refresh_from_db()
        assert instrument.sealed_token is None
        assert all(account["is_gone"] for account in nowhere.bank.kept.values())
