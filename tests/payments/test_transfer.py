"""What of the contract of providers holds for bank transfer, which can only be waited for."""

from datetime import date, timedelta

import pytest

from tamizdat.ledger import books
from tamizdat.lib.creditor_reference import fits
from tamizdat.lib.money import Money
from tamizdat.payments import charging, receiving, settling
from tamizdat.payments.errors import Declined, Forged, NotSetUp, WrongState
from tamizdat.payments.models import Attempt, BankLine, BankStatement, Charge
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.account import Movement
from tamizdat.payments.providers.base import Order, Page, RemoteState
from tamizdat.payments.transfer import instructions
from tests.conftest import NOON
from tests.payments.camt_file import OURS
from tests.payments.paying import open_page
from tests.payments.transfers import ACCOUNT, transfer  # noqa: F401

ORDER = Order(key="key-1", money=Money(500, "EUR"))
PAGE = Page(return_url="http://testserver/thanks/", language="ru", keep_instrument=False)
DAY = date(2026, 11, 24)


@pytest.fixture
def charge(transfer):  # noqa: F811
    return Charge.objects.create(amount_minor=500, currency="EUR", created_at=NOON)


@pytest.fixture
def awaited(charge):
    """An attempt whose reader has seen what to write on the transfer."""
    open_page(charge)
    return charge.latest_attempt


def line(minor=500, *, currency="EUR", day=DAY, **fields):
    statement, _ = BankStatement.objects.get_or_create(
        digest="s",
        account=OURS,
        currency="EUR",
        from_on=day,
        until_on=day,
        sum_minor=0,
        read_at=NOON,
    )
    return BankLine.objects.create(
        statement=statement,
        digest=f"{BankLine.objects.count()}",
        amount_minor=minor,
        currency=currency,
        booked_on=day,
        **fields,
    )


def test_opening_twice_with_one_key_is_one_reference(transfer):  # noqa: F811
    first = transfer.open(ORDER, PAGE)

    assert transfer.open(ORDER, PAGE) == first
    assert transfer.open(Order("key-2", ORDER.money), PAGE).id != first.id
    assert (first.state, first.url) == (RemoteState.WAITING, PAGE.return_url)


def test_the_reference_fits_and_says_nothing_of_the_key(transfer):  # noqa: F811
    reference = transfer.open(ORDER, PAGE).id

    assert fits(reference)
    assert "key" not in reference.lower()


def test_a_currency_without_an_account_is_refused(transfer):  # noqa: F811
    with pytest.raises(Declined):
        transfer.open(Order("key-1", Money(500, "USD")), PAGE)


def test_it_says_so_that_it_cannot_take_keep_or_send_back(transfer):  # noqa: F811
    remote = transfer.open(ORDER, PAGE)
    asked = [
        lambda: transfer.confirm(remote),
        lambda: transfer.charge_saved(ORDER, token="any"),
        lambda: transfer.refund(key="r", remote_id=remote.id, money=ORDER.money),
    ]

    for ask in asked:
        with pytest.raises(Declined, match="only_by_hand"):
            ask()
    assert transfer.is_push
    assert not transfer.learns_country


def test_a_payment_is_found_by_its_id_and_by_our_key(transfer, awaited):  # noqa: F811
    found = transfer.fetch(remote_id=awaited.remote_id)

    assert found == transfer.fetch(key=awaited.idempotency_key)
    assert (found.id, found.state) == (awaited.remote_id, RemoteState.WAITING)
    assert transfer.fetch(key="another") is None


def test_nobody_may_tell_us_over_the_web_that_money_came(client, transfer):  # noqa: F811
    with pytest.raises(Forged):
        transfer.read_notice(body=b"{}", headers={}, now=NOON)
    assert client.post("/hooks/transfer/", "{}", content_type="text/plain").status_code == 403


def test_a_line_is_booked_on_the_day_of_the_bank(charge, awaited):
    receiving.book(line(), awaited)

    charge.refresh_from_db()
    assert charge.state == Charge.State.SUCCEEDED
    assert charge.succeeded_at.date() == DAY
    assert books.balance("cash-transfer", "EUR") == Money(500, "EUR")


def test_a_line_pays_one_attempt_and_an_attempt_is_paid_once(charge, awaited):
    first, second = line(), line()
    receiving.book(first, awaited)

    for each in (first, second):
        with pytest.raises(WrongState):
            receiving.book(each, Attempt.objects.get())
    second.refresh_from_db()
    assert second.state == BankLine.State.NEW
    assert books.balance("cash-transfer", "EUR") == Money(500, "EUR")


def test_what_is_called_off_is_paid_by_no_line(transfer, charge, awaited):  # noqa: F811
    charging.cancel(charge, now=NOON)

    assert transfer.fetch(remote_id=awaited.remote_id).state is RemoteState.CANCELED
    with pytest.raises(WrongState):
        receiving.book(line(), awaited)
    assert books.trial_balance() == []


def test_what_has_arrived_cannot_be_called_off(charge, awaited):
    receiving.book(line(), awaited)

    assert charging.cancel(charge, now=NOON).state == Charge.State.SUCCEEDED


def test_it_is_waited_for_longer_than_for_a_card(charge, awaited):
    settling.resolve_open(now=NOON + timedelta(days=59))
    awaited.refresh_from_db()
    assert awaited.is_open

    settling.resolve_open(now=NOON + timedelta(days=61))
    awaited.refresh_from_db()
    assert (awaited.state, awaited.reason) == (Attempt.State.ABANDONED, "left")


def test_what_went_back_is_booked_and_never_more_than_came(charge, awaited):
    receiving.book(line(), awaited)
    receiving.book_return(line(-200), charge, reason="returned")

    assert books.balance("cash-transfer", "EUR") == Money(300, "EUR")
    with pytest.raises(WrongState):
        receiving.book_return(line(-301), charge, reason="returned")


def test_the_account_reads_line_by_line_and_leaves_out_what_is_no_gift(transfer, charge, awaited):  # noqa: F811
    receiving.book(line(), awaited)
    receiving.book_return(line(-200), charge, reason="returned")
    line(900, state=BankLine.State.WAITING)
    line(-4000, state=BankLine.State.SET_ASIDE)

    lines = list(transfer.account_lines(since=NOON, until=NOON + timedelta(days=30)))

    assert [each.movement for each in lines] == [Movement.PAYMENT, Movement.REFUND]
    assert [each.net.minor for each in lines] == [500, -200]
    assert {each.payment_id for each in lines} == {awaited.remote_id}
    assert list(transfer.account_lines(since=NOON, until=NOON)) == []


def test_the_reader_is_shown_our_account_and_the_reference(transfer, awaited):  # noqa: F811
    shown = instructions(awaited)

    assert (shown.account, shown.money) == (ACCOUNT, Money(500, "EUR"))
    assert shown.reference == awaited.remote_id
    registry._providers.clear()
    with pytest.raises(NotSetUp):
        instructions(awaited)
