"""Another resolver is there in the middle of it, and our keys are forgotten: in one thread."""

import pytest

from tamizdat.payments import charging, settling
from tamizdat.payments.models import Attempt, Charge
from tests.conftest import NOON
from tests.payments.paying import open_page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("nowhere", ["stripe", "paypal"], indirect=True),
]


@pytest.fixture
def meanwhile(nowhere, monkeypatch):
    """Before the next call of a verb of the provider, something else happens."""

    def arrange(verb, happens):
        usual = getattr(nowhere.provider, verb)

        def first(*args, **words):
            monkeypatch.setattr(nowhere.provider, verb, usual)
            happens()
            nowhere.counter.forget_keys()
            return usual(*args, **words)

        monkeypatch.setattr(nowhere.provider, verb, first)

    return arrange


def other(attempt):
    return Attempt.objects.get(pk=attempt.pk)


def test_of_two_that_name_a_payment_for_one_page_one_takes_money(nowhere, charge, meanwhile):
    nowhere.pay(open_page(charge).url)
    attempt = charge.latest_attempt
    meanwhile("confirm", lambda: settling.resolve(other(attempt), now=NOON))

    assert settling.resolve(attempt, now=NOON).state == "succeeded"
    assert len(nowhere.money_taken()) == 1


def test_the_other_pauses_between_the_name_and_the_money(nowhere, charge, meanwhile):
    nowhere.pay(open_page(charge).url)
    attempt, names = charge.latest_attempt, []

    def name_only():
        page = nowhere.provider.fetch(remote_id=attempt.remote_id)
        names.append(nowhere.provider.confirm(page))
        assert other(attempt).point_to(names[0].id, instead_of=page.id)

    meanwhile("confirm", name_only)
    settling.resolve(other(attempt), now=NOON)
    nowhere.provider.confirm(names[0])  # and the other goes on

    assert [payment["id"] for payment in nowhere.money_taken()] == [other(attempt).remote_id]


def test_what_is_named_while_it_is_stopped_is_stopped_too(nowhere, charge, monkeypatch):
    nowhere.pay(open_page(charge).url)
    attempt, cancel = charge.latest_attempt, nowhere.provider.cancel
    attempt.move_to(Attempt.State.SENT, sent_at=NOON)
    named = nowhere.provider.confirm(nowhere.provider.fetch(remote_id=attempt.remote_id))

    def cancel_and_be_named(**words):
        answer = cancel(**words)
        attempt.point_to(named.id, instead_of=attempt.remote_id)
        monkeypatch.undo()
        return answer

    monkeypatch.setattr(nowhere.provider, "cancel", cancel_and_be_named)
    charging.cancel(charge, now=NOON)
    nowhere.provider.confirm(named)  # whoever named it goes on

    assert (nowhere.money_taken(), charge.state) == ([], "canceled")


@pytest.mark.parametrize("verb", ["charge_saved", "confirm"])
def test_of_two_that_charge_a_kept_card_one_does(nowhere, charge, meanwhile, verb):
    nowhere.pay(open_page(charge, keep=True).url)
    kept = settling.resolve(charge.latest_attempt, now=NOON).instrument
    due = Charge.objects.create(amount_minor=700, currency="EUR", created_at=NOON)
    meanwhile(verb, lambda: settling.resolve(due.latest_attempt, now=NOON))

    assert charging.charge_saved(charge=due, instrument=kept, now=NOON).state == "succeeded"
    assert len(nowhere.money_taken()) == 2


@pytest.mark.parametrize("verb", ["cancel", "confirm"])
def test_who_stops_while_it_is_named_and_taken_learns_that_it_is_paid(
    nowhere, charge, meanwhile, verb
):
    nowhere.pay(open_page(charge).url)
    attempt = charge.latest_attempt
    first, second = settling.resolve, charging.cancel
    if verb == "cancel":
        meanwhile(verb, lambda: first(other(attempt), now=NOON))
        second(charge, now=NOON)
    else:
        meanwhile(verb, lambda: second(Charge.objects.get(pk=charge.pk), now=NOON))
        first(attempt, now=NOON)

    charge.refresh_from_db()
    assert (charge.state == "succeeded") == (len(nowhere.money_taken()) == 1)
    assert nowhere.still_possible() == []
