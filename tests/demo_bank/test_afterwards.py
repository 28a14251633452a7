"""What the pretend bank does with money once it was taken."""

import httpx
import pytest

from tamizdat.demo.bank.clerk import Refused
from tamizdat.demo.bank.web import make_app
from tests.demo_bank.nowhere import WORKS, Nowhere

PAGE = {"return_url": "http://testserver/thanks/", "language": "en", "keep": True}


@pytest.fixture
def nowhere():
    return Nowhere()


@pytest.fixture
def paid(nowhere):
    return take(nowhere, "key-1")


def take(nowhere, key, amount=500):
    payment = nowhere.bank.open(key=key, amount=amount, currency="EUR", page=PAGE)["id"]
    nowhere.bank.choose(payment, WORKS)
    return nowhere.bank.confirm(payment)["id"]


def test_its_account_is_what_it_took_less_what_went(nowhere, paid):
    nowhere.bank.refund_by_hand(paid, 100)
    nowhere.bank.decide(nowhere.bank.dispute(paid), won=False)

    payment = nowhere.bank.find(payment_id=paid)
    kept = payment["amount"] - payment["refunded"] - payment["disputed"] - payment["fee"]
    assert nowhere.bank.owed("EUR") == kept - 1500


def test_it_pays_out_all_it_holds_but_its_fee(nowhere, paid):
    nowhere.bank.pay_out("EUR")

    assert nowhere.bank.owed("EUR") == 0
    with pytest.raises(Refused, match="nothing_to_pay_out"):
        nowhere.bank.pay_out("EUR")


def test_no_more_is_disputed_or_given_back_than_is_left(nowhere, paid):
    nowhere.bank.refund_by_hand(paid, 400)
    nowhere.bank.dispute(paid)

    for more in (lambda: nowhere.bank.dispute(paid), lambda: nowhere.bank.refund_by_hand(paid, 1)):
        with pytest.raises(Refused):
            more()


def test_a_refund_that_fails_is_the_newsroom_s_again_once(nowhere, paid):
    refund = nowhere.bank.refund_by_hand(paid, 400)["id"]
    nowhere.bank.fail_refund(refund)

    with pytest.raises(Refused, match="no_refund_to_fail"):
        nowhere.bank.fail_refund(refund)
    assert nowhere.bank.owed("EUR") == 455
    assert nowhere.bank.refunds_given() == []
    nowhere.bank.refund_by_hand(paid, 500)


def test_a_dispute_is_decided_once(nowhere, paid):
    dispute = nowhere.bank.dispute(paid)
    nowhere.bank.decide(dispute, won=True)

    with pytest.raises(Refused, match="no_open_dispute"):
        nowhere.bank.decide(dispute, won=False)


def test_a_card_that_expired_refuses_until_its_bank_sends_another(nowhere, paid):
    token = nowhere.bank.find(payment_id=paid)["token"]
    words = {"amount": 500, "currency": "EUR", "token": token}
    nowhere.bank.expire(token)

    refused = nowhere.bank.charge(key="key-2", **words)
    nowhere.bank.renew(token)

    assert (refused["state"], refused["reason"]) == ("declined", "expired_card")
    assert nowhere.bank.charge(key="key-3", **words)["state"] == "succeeded"


def test_with_the_dial_so_it_forgets_keys_after_a_day_as_others_do(nowhere, paid):
    now = [1_000_000.0]
    nowhere.bank._clock = lambda: now[0]
    words = {"key": "key-2", "amount": 500, "currency": "EUR"}
    words["token"] = nowhere.bank.find(payment_id=paid)["token"]
    nowhere.bank.dial.turn(forget_daily=True)
    first = nowhere.bank.charge(**words)

    now[0] += 24 * 3600 - 1
    assert nowhere.bank.charge(**words) == first
    now[0] += 1
    assert nowhere.bank.charge(**words) != first
    assert nowhere.bank.find(key="key-2")["state"] == "succeeded"


def test_a_slow_answer_is_a_time_out_after_success(nowhere):
    waited = []
    app = make_app(nowhere.bank, secret="s", wait=waited.append)
    nowhere.bank.dial.turn(slow=1)
    client = httpx.Client(
        transport=httpx.WSGITransport(app=app),
        base_url="http://bank.test",
        headers={"Authorization": "Bearer s"},
    )
    client.get("/v1/account", params={"since": 0, "until": 1})
    client.get("/v1/account", params={"since": 0, "until": 1})

    assert waited == [20.0]


class TestBackOffice:
    @pytest.fixture
    def press(self, nowhere):
        def press(word, about="", **typed):
            words = {"do": word, "about": about} | typed
            return nowhere.reader().post("/office/", data=words)

        return press

    def test_it_shows_what_is_held_and_every_payment(self, nowhere, paid):
        page = nowhere.reader().get("/office/").text

        assert "€4.55" in page
        assert paid in page
        assert "<script" not in page

    def test_a_dispute_is_made_and_won_by_pressing(self, nowhere, paid, press):
        press("dispute", paid)
        (dispute,) = nowhere.bank.find(payment_id=paid)["disputes"]
        press("win", dispute["id"])

        assert nowhere.bank.find(payment_id=paid)["disputes"][0]["state"] == "won"

    def test_a_part_goes_back_and_the_rest_is_paid_out(self, nowhere, paid, press):
        assert press("refund", paid, amount="100").status_code == 303
        assert press("pay out", "EUR").status_code == 303
        assert nowhere.bank.owed("EUR") == 0

    def test_a_refund_fails_by_pressing(self, nowhere, paid, press):
        press("refund", paid, amount="100")
        (refund,) = nowhere.bank.refunds_given()
        assert "fail refund" in nowhere.reader().get("/office/").text

        assert press("fail refund", refund).status_code == 303

        assert "and came back" in nowhere.reader().get("/office/").text

    def test_the_dial_is_turned(self, nowhere, press):
        press("turn", break_after="2", hold="1")

        assert (nowhere.bank.dial.break_after, nowhere.bank.dial.hold) == (2, 1)

    @pytest.mark.parametrize("word", ["dispute", "rob", "refund", "expire", "pay out"])
    def test_what_the_bank_will_not_do_is_said(self, nowhere, press, word):
        answer = press(word, "pay_0", amount="x")

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
