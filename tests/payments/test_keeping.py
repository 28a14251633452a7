"""A reader names another instrument: it is kept or forgotten, and nothing is ever taken."""

from datetime import date, timedelta

import pytest

from tamizdat.payments import expiring, keeping
from tamizdat.payments.errors import Declined, Unreachable, Vetoed
from tamizdat.payments.models import Instrument, Setup
from tamizdat.payments.models.setup import new_setup_reference
from tamizdat.payments.signals import before_keeping
from tests.conftest import NOON
from tests.demo_bank.nowhere import RUSSIAN, WORKS
from tests.payments.banks import BANKS, make_deaf, only
from tests.payments.paying import take

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["demo-bank", "stripe"])
def nowhere(request):
    """Each bank whose pages only keep an instrument, where that is asked for."""
    with only(BANKS[request.param]()) as bank:
        yield bank


@pytest.fixture
def setup(nowhere):
    return Setup.objects.create(
        provider=nowhere.provider.code,
        currency="USD",
        return_url="http://testserver/card/1/",
        language="en",
        created_at=NOON,
    )


def again(setup):
    """Another page of the same provider."""
    other = Setup.objects.get(pk=setup.pk)
    other.pk, other.reference = None, new_setup_reference()
    other.save(force_insert=True)
    return other


@pytest.fixture
def nothing_from_russia():
    def veto(*, issuer_country, **_):
        if issuer_country == "RU":
            raise Vetoed("never_from_RU")

    before_keeping.connect(veto)
    yield
    before_keeping.disconnect(veto)


def name(nowhere, setup, number=WORKS):
    """The reader names a card at the bank, and comes back."""
    nowhere.pay(keeping.open_setup(setup).url, number)
    return keeping.resolve(setup, now=NOON)


def test_a_card_that_was_named_is_kept_and_nothing_is_taken(nowhere, setup):
    name(nowhere, setup)

    assert setup.state == "kept"
    assert setup.instrument.issuer_country == "US"
    assert nowhere.money_taken() == []


def test_what_was_kept_can_be_charged(nowhere, setup):
    order = setup.order
    name(nowhere, setup)

    paid = Setup.objects.get().instrument.token
    provider = nowhere.provider
    remote = provider.charge_saved(type(order)("key-1", type(order.money)(500, "USD")), token=paid)

    assert take(provider, remote).state.value == "succeeded"


def test_looked_at_twice_it_is_kept_once(nowhere, setup):
    stale = Setup.objects.get()
    name(nowhere, setup)

    keeping.resolve(stale, now=NOON)

    assert Instrument.objects.count() == 1


def test_a_page_nobody_filled_in_changes_nothing(nowhere, setup):
    keeping.open_setup(setup)

    assert keeping.resolve(setup, now=NOON).is_open


def test_pressed_twice_it_is_one_page(nowhere, setup):
    assert keeping.open_setup(setup).url == keeping.open_setup(Setup.objects.get()).url


def test_a_card_of_a_country_that_may_not_give_is_forgotten_at_the_provider(
    nowhere, setup, nothing_from_russia
):
    name(nowhere, setup, RUSSIAN)

    assert (setup.state, setup.reason) == ("refused", "never_from_RU")
    assert not Instrument.objects.exists()
    assert nowhere.still_possible() == []


def test_a_card_without_a_country_is_not_kept(nowhere, setup):
    nowhere.hide_countries()

    assert name(nowhere, setup).reason == "country_unknown"
    assert not Instrument.objects.exists()


def test_the_worker_finishes_for_a_reader_who_did_not_come_back(nowhere, setup):
    nowhere.pay(keeping.open_setup(setup).url)

    assert keeping.resolve_open(now=NOON + timedelta(minutes=1)) == 0
    assert keeping.resolve_open(now=NOON + timedelta(minutes=6)) == 1
    assert Setup.objects.get().state == "kept"


def test_a_page_about_which_its_provider_never_answers_holds_up_no_other(nowhere, setup):
    other = again(setup)
    for each in (setup, other):
        nowhere.pay(keeping.open_setup(each).url)
    make_deaf(nowhere, "fetch", setup.remote_id)
    later = NOON + timedelta(minutes=6)

    assert sum(keeping.resolve_open(now=later) for _round in range(30)) == 1


def test_a_page_that_was_left_for_a_day_is_closed(nowhere, setup):
    keeping.open_setup(setup)

    keeping.resolve_open(now=NOON + timedelta(hours=25))

    assert Setup.objects.get().reason in ("left", "canceled")
    assert nowhere.still_possible() == []


def test_a_lost_answer_leaves_it_open_and_is_asked_again(nowhere, setup):
    nowhere.pay(keeping.open_setup(setup).url)
    nowhere.bank.dial.break_before = 1
    with pytest.raises(Unreachable):
        keeping.resolve(setup, now=NOON)

    keeping.resolve(setup, now=NOON)

    assert setup.state == "kept"


@pytest.mark.parametrize("nowhere", ["paypal"], indirect=True)
def test_a_provider_that_keeps_nothing_without_a_gift_says_so(nowhere, setup):
    with pytest.raises(Declined, match="keeps_nothing"):
        keeping.open_setup(setup)


def test_the_last_day_of_a_card_is_asked_for_and_then_once_a_week(nowhere, setup):
    instrument = name(nowhere, setup).instrument
    nowhere.bank.reissue("2031-02")

    assert expiring.follow_updates(now=NOON) == 1
    assert expiring.follow_updates(now=NOON + timedelta(days=6)) == 0
    nowhere.bank.reissue("2036-05")
    assert expiring.follow_updates(now=NOON + timedelta(days=7)) == 1

    instrument.refresh_from_db()
    assert instrument.expires_on == date(2036, 5, 31)


def test_a_card_of_which_its_provider_never_tells_holds_up_no_other(nowhere, setup):
    other = again(setup)
    make_deaf(nowhere, "expiry_of", name(nowhere, setup).instrument.token)
    instrument = name(nowhere, other).instrument

    assert sum(expiring.follow_updates(now=NOON) for _round in range(30)) == 1

    instrument.refresh_from_db()
    assert instrument.looked_at == NOON


def test_cards_of_a_provider_that_is_gone_hold_up_no_other(nowhere, setup):
    Instrument.objects.bulk_create(
        Instrument(provider="gone", sealed_token=b"", issuer_country="US", created_at=NOON)
        for _ in range(expiring.AT_ONCE)
    )
    name(nowhere, setup)

    assert expiring.follow_updates(now=NOON) == 1


def test_an_expired_card_that_was_renewed_is_good_again(nowhere, setup):
    instrument = name(nowhere, setup).instrument
    expiring.look_at(instrument, now=NOON)
    instrument.mark_expired()

    expiring.look_at(instrument, now=NOON)
    assert instrument.is_expired
    nowhere.bank.reissue("2036-05")
    expiring.look_at(instrument, now=NOON)

    assert instrument.is_active


def test_what_was_revoked_is_not_looked_at_and_never_good_again(nowhere, setup):
    instrument = name(nowhere, setup).instrument
    instrument.revoke()

    assert expiring.follow_updates(now=NOON) == 0
    expiring.look_at(instrument, now=NOON)
    assert instrument.state == "revoked"
