"""Webhooks are hints: verified, noted once, and then we go and look."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from tamizdat.ledger import books
from tamizdat.payments import noticing, settling
from tamizdat.payments.models import Attempt, Charge, ProviderEvent
from tamizdat.payments.models.event import QUIET
from tamizdat.payments.signals import charge_succeeded
from tests.conftest import NOON
from tests.payments.banks import EVENT, at_each_of_cards
from tests.payments.paying import open_page

pytestmark = pytest.mark.django_db
LATER = datetime.now(UTC) + 10 * QUIET


def post(body, headers, path):
    return Client().post(path, body, content_type="application/json", headers=headers).status_code


def waiting():
    return ProviderEvent.objects.filter(applied_at=None)


def sealed(signature):
    names = ("Bank-Signature", "Stripe-Signature", "PayPal-Transmission-Sig")
    return dict.fromkeys(names, signature)


def test_a_reader_who_never_comes_back_has_paid_all_the_same(nowhere, charge):
    nowhere.pay(open_page(charge).url)

    nowhere.courier.deliver()

    charge.refresh_from_db()
    assert charge.state == "succeeded"
    assert len(nowhere.money_taken()) == 1


@pytest.mark.parametrize(
    "signature", ["", "nonsense", "t=1,v1=" + "0" * 64, "t=9999999999999,v1=" + "0" * 64]
)
def test_what_the_bank_did_not_sign_is_not_even_read(nowhere, signature):
    assert post(b"not even json", sealed(signature), nowhere.hook) == 403
    assert not ProviderEvent.objects.exists()


def test_a_true_signature_under_another_body_is_forged(nowhere, charge):
    assert post(b'{"id": "2"}', nowhere.signed(b'{"id": "1"}'), nowhere.hook) == 403


def test_an_old_notice_cannot_be_replayed(nowhere):
    body = json.dumps({"id": "1", "type": "t", "object": "o"}).encode()
    an_hour_ago = datetime.now(UTC).timestamp() - 3600

    assert post(body, nowhere.signed(body, at=an_hour_ago), nowhere.hook) == 403


def test_a_provider_we_do_not_have_is_not_found(nowhere):
    assert post(b"{}", {}, "/hooks/other-bank/") == 404


def test_a_hook_is_only_posted_to(nowhere):
    assert Client().get(nowhere.hook).status_code == 405


def test_a_duplicate_is_noted_and_booked_once(nowhere, charge):
    nowhere.bank.dial.turn(duplicate=9)
    nowhere.pay(open_page(charge).url)

    nowhere.courier.deliver()
    nowhere.courier.deliver()

    assert nowhere.answers == [204] * 4
    assert ProviderEvent.objects.count() == 2
    assert books.journal().count() == 1


def test_notices_in_the_wrong_order_change_nothing(nowhere, charge):
    nowhere.bank.dial.turn(hold=True, reverse=True)
    nowhere.pay(open_page(charge).url)
    settling.resolve(charge.latest_attempt, now=NOON)
    nowhere.bank.dial.turn(hold=False)

    nowhere.courier.deliver()

    kinds = ProviderEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert [kind.rpartition(".")[2] for kind in kinds] in (
        ["succeeded", "ready"],
        ["succeeded", "completed"],
        ["COMPLETED", "APPROVED"],
    )
    assert charge.latest_attempt.state == "succeeded"


@at_each_of_cards
def test_a_notice_that_is_not_true_changes_nothing(nowhere, charge):
    nowhere.bank.dial.turn(lose=9)
    nowhere.pay(open_page(charge).url)
    paid = charge.latest_attempt.remote_id
    untrue = {"type": "payment.declined", "object": paid, "data": {"object": {"id": paid}}}
    body = json.dumps(EVENT | untrue).encode()

    assert post(body, nowhere.signed(body), nowhere.hook) == 204
    noticing.look_at_noted(now=NOON)

    assert charge.latest_attempt.state == "succeeded"


def test_a_lost_notice_is_made_up_for_by_the_chore(nowhere, charge):
    nowhere.bank.dial.turn(lose=9)
    nowhere.pay(open_page(charge).url)
    assert nowhere.courier.deliver() == 0

    assert settling.resolve_open(now=NOON + settling.KEY_LIFETIME) == 1
    assert charge.latest_attempt.state == "succeeded"


@pytest.mark.parametrize("nowhere", ["demo-bank"], indirect=True)
def test_a_notice_about_a_stranger_is_heard_and_left_alone(nowhere):
    nowhere.bank.open(
        key="theirs",
        amount=100,
        currency="EUR",
        page={"return_url": "x", "language": "", "keep": False},
    )
    payment = nowhere.bank.find(key="theirs")
    nowhere.bank.leave(payment["id"])

    nowhere.courier.deliver()

    assert nowhere.answers == [204]
    assert ProviderEvent.objects.get().applied_at
    assert not Attempt.objects.exists()


def test_a_notice_is_kept_before_anybody_looks(nowhere, charge):
    body = json.dumps(EVENT).encode()

    assert post(body, nowhere.signed(body), nowhere.hook) == 204
    assert waiting().get().object_id.rpartition("/")[2] == "pay_1"


def test_when_the_bank_cannot_be_asked_we_look_again_and_need_not_be_told(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    nowhere.bank.dial.turn(break_before=1)
    nowhere.courier.deliver()
    assert waiting().exists()
    assert set(nowhere.answers) == {204}

    noticing.look_at_noted(now=LATER)

    charge.refresh_from_db()
    assert charge.state == "succeeded"


def test_a_provider_that_does_not_answer_is_asked_once_a_round(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    for number in range(3):
        ProviderEvent.objects.create(
            provider=nowhere.provider.code,
            event_id=number,
            kind="k",
            object_id=charge.latest_attempt.remote_id,
            received_at=NOON,
        )
    nowhere.bank.dial.turn(break_before=2)

    assert noticing.look_at_noted(now=NOON) == 0
    assert nowhere.bank.dial.break_before == 1


@pytest.mark.parametrize("is_ours", [False, True])
@pytest.mark.parametrize("nowhere", ["stripe", "paypal"], indirect=True)
def test_what_the_provider_does_not_know_silences_nobody_and_waits_only_if_it_is_ours(
    nowhere, charge, is_ours
):
    nowhere.pay(open_page(charge).url)
    unknown = {"stripe": "pi_unknown", "paypal": "capture/unknown"}[nowhere.provider.code]
    if is_ours:
        other = Charge.objects.create(amount_minor=500, currency="EUR", created_at=NOON)
        open_page(other)
        other.attempts.update(remote_id=unknown)
    for number, about in enumerate([unknown, charge.latest_attempt.remote_id]):
        words = {"provider": nowhere.provider.code, "event_id": number, "object_id": about}
        ProviderEvent.objects.create(**words, kind="k", received_at=NOON)

    assert noticing.look_at_noted(now=NOON) == 2 - is_ours

    assert waiting().count() == is_ours
    assert charge.latest_attempt.state == "succeeded"


def test_if_a_listener_cannot_follow_nothing_is_booked_and_the_event_waits(nowhere, charge):
    def fall(**_):
        raise RuntimeError

    charge_succeeded.connect(fall)
    nowhere.pay(open_page(charge).url)
    nowhere.courier.deliver()
    charge_succeeded.disconnect(fall)

    assert not books.journal().exists()
    assert noticing.look_at_noted(now=LATER)
    assert charge.latest_attempt.state == "succeeded"


def test_an_event_that_cannot_be_followed_keeps_no_other_waiting(nowhere, charge):
    for number, provider in enumerate(["gone", nowhere.provider.code]):
        ProviderEvent.objects.create(
            provider=provider, event_id=number, kind="k", object_id="o", received_at=NOON
        )

    assert noticing.look_at_noted(now=NOON) == 1
    assert waiting().get().provider == "gone"


def test_no_log_ever_holds_what_was_said(nowhere, charge, caplog):
    caplog.set_level("DEBUG")
    post(b"a secret word", sealed("t=1,v1=" + "0" * 64), nowhere.hook)

    assert "secret word" not in caplog.text
