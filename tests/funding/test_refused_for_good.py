"""A card that we would not try is not tried later either, nor by who looks at the same moment."""

import httpx
import pytest

from tamizdat.funding import giving, guarding
from tamizdat.payments import breaking, limiting, settling
from tamizdat.payments.errors import Unreachable
from tamizdat.payments.models import Attempt, Bucket
from tamizdat.payments.providers.demo import DemoBank
from tests.conftest import NOON
from tests.demo_bank.nowhere import ADDRESS, SECRET, Nowhere
from tests.funding.givers import wish
from tests.payments.banks import only
from tests.racing import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("outlet")]


class Deaf(httpx.WSGITransport):
    """Answers everything but being told that a payment is called off."""

    hears = False

    def handle_request(self, request):
        if request.url.path == "/v1/cancellations" and not self.hears:
            return httpx.Response(504)
        return super().handle_request(request)


@pytest.fixture
def deaf():
    bank = Nowhere()
    bank.line = Deaf(app=bank.app)
    bank.provider = DemoBank(ADDRESS, SECRET, transport=bank.line)
    with only(bank):
        yield bank


def at_the_bank(nowhere):
    """A card was named there, and we have not looked."""
    charge = giving.promise(wish(address=""), now=NOON)
    page = giving.open_bank(charge, provider="demo-bank", language="en", now=NOON)
    nowhere.pay(page.url)
    return charge.latest_attempt


def look(attempt, *, now=NOON):
    return settling.resolve(Attempt.objects.get(pk=attempt.pk), now=now)


def use_up(limit, of):
    while limiting.spend(limit, of, now=NOON):
        pass


def test_a_refusal_outlives_a_bank_that_does_not_hear_of_it(deaf):
    attempt = at_the_bank(deaf)
    use_up(guarding.OF_A_COUNTRY, "demo-bank US")
    for _ in range(2):
        with pytest.raises(Unreachable):
            look(attempt)
    limiting.give_back(guarding.OF_A_COUNTRY, "demo-bank US", count=9)

    deaf.line.hears = True
    assert look(attempt, now=NOON + settling.PAGE_LIFETIME).reason == guarding.CROWDED
    assert deaf.money_taken() == []


def test_of_a_card_too(deaf):
    attempt = at_the_bank(deaf)
    remote = deaf.provider.fetch(key=attempt.idempotency_key)
    use_up(guarding.OF_A_CARD, f"demo-bank {remote.card}")
    with pytest.raises(Unreachable):
        look(attempt)
    limiting.forget(now=NOON)

    deaf.line.hears = True
    assert look(attempt).reason == breaking.TOO_OFTEN


def test_what_passed_once_is_not_judged_again(nowhere):
    attempt = at_the_bank(nowhere)
    judged = {"issuer_country": "US", "card": "", "risk": "", "now": NOON}
    guarding.refuse(attempt, **judged)
    counted = Bucket.objects.count()
    use_up(guarding.OF_A_COUNTRY, "demo-bank US")

    guarding.refuse(attempt, **judged)

    assert Bucket.objects.count() == counted


@pytest.mark.parametrize("_time", range(5))
def test_of_several_who_look_at_once_none_takes_the_money(nowhere, _time):
    attempt = at_the_bank(nowhere)
    use_up(guarding.OF_A_COUNTRY, "demo-bank US")

    seen = race([lambda: look(attempt)] * 4)

    assert {one.state for one in seen} == {"abandoned"}
    assert nowhere.money_taken() == []
