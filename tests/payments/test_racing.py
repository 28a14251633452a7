"""Two workers at once, in threads with transactions of their own, on either database."""

import pytest

from tamizdat.ledger import books
from tamizdat.ledger.books import Posting
from tamizdat.lib.money import Money
from tamizdat.payments import charging, keeping, settling
from tamizdat.payments.models import Attempt, Charge, Instrument, Setup
from tamizdat.payments.signals import charge_succeeded
from tests import racing
from tests.conftest import NOON
from tests.payments.paying import open_page

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 4


def race(run):
    return racing.race([run] * RACERS)


def test_of_many_resolvers_one_books_and_tells(nowhere, charge):
    told = []

    def hear(*, charge, **_):
        told.append(charge.pk)

    charge_succeeded.connect(hear)
    nowhere.pay(open_page(charge).url)
    pk = charge.latest_attempt.pk

    attempts = race(lambda: settling.resolve(Attempt.objects.get(pk=pk), now=NOON))

    charge_succeeded.disconnect(hear)
    assert [attempt.state for attempt in attempts] == ["succeeded"] * RACERS
    assert len(told) == len(nowhere.money_taken()) == books.journal().count() == 1


def test_of_many_chores_that_charge_a_kept_card_one_does(nowhere, charge):
    nowhere.pay(open_page(charge, keep=True).url)
    settling.resolve(charge.latest_attempt, now=NOON)
    due = Charge.objects.create(amount_minor=200, currency="EUR", created_at=NOON)

    def charge_it():
        mine = Charge.objects.get(pk=due.pk)
        return charging.charge_saved(charge=mine, instrument=Instrument.objects.get(), now=NOON)

    outcomes = race(charge_it)

    assert sum(isinstance(outcome, Attempt) for outcome in outcomes) == 1
    assert len(nowhere.money_taken()) == 2


def test_of_many_presses_of_the_button_there_is_one_attempt(nowhere, charge):
    pages = race(lambda: open_page(Charge.objects.get(pk=charge.pk)))

    assert len({page.url for page in pages}) == 1
    assert charge.attempts.count() == 1


def test_of_many_who_post_one_key_one_writes():
    eur = Money(5, "EUR")
    postings = [Posting("a", eur), Posting("b", -eur)]

    news = race(lambda: books.post(key="k", memo="", at=NOON, postings=postings))

    assert sorted(news) == [False] * (RACERS - 1) + [True]
    assert books.balance("a", "EUR") == eur


@pytest.mark.parametrize("nowhere", ["demo-bank", "stripe"], indirect=True)
def test_of_many_resolvers_of_a_setup_one_keeps_the_instrument(nowhere, transactional_db):
    setup = Setup.objects.create(
        provider=nowhere.provider.code,
        currency="USD",
        return_url="http://testserver/manage/card/1/",
        created_at=NOON,
    )
    nowhere.pay(keeping.open_setup(setup).url)

    setups = race(lambda: keeping.resolve(Setup.objects.get(), now=NOON))

    assert [one.state for one in setups] == ["kept"] * RACERS
    assert Instrument.objects.count() == 1
