"""What an operator gets wrong in [transfer], and what it says then."""

import pytest

from tamizdat.payments import checks, transfer_accounts
from tests.payments.camt_file import OURS, THEIRS


@pytest.fixture
def at_banks(settings):
    settings.TRANSFER_HOLDER = "The Lantern"
    settings.TRANSFER_IBANS = {"EUR": OURS, "USD": THEIRS}
    settings.TRANSFER_BICS = {"EUR": "LANTLV22"}
    return settings


def says():
    return [f"{error.msg} {error.hint}" for error in checks.transfers_reach_us()]


def test_accounts_are_read_with_and_without_spaces(at_banks):
    at_banks.TRANSFER_IBANS = {"EUR": "lv76 lant 0000 0000 0000 0"}

    assert transfer_accounts.usable()["EUR"].iban == OURS
    assert says() == []


def test_an_iban_that_is_mistyped_is_never_shown_to_a_reader(at_banks):
    at_banks.TRANSFER_IBANS = {"EUR": OURS[:-1] + "1", "USD": THEIRS}

    assert set(transfer_accounts.usable()) == {"USD"}
    assert "transfer.iban.EUR is no IBAN" in says()[0]
    assert "Copy it from your bank's own pages" in says()[0]


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("TRANSFER_HOLDER", " ", "holder is missing"),
        ("TRANSFER_HOLDER", "x" * 71, "longer than the 70"),
        ("TRANSFER_IBANS", {"EURO": OURS}, "EURO is no currency"),
        ("TRANSFER_BICS", {"EUR": "LANT"}, "transfer.bic.EUR is no BIC"),
        ("TRANSFER_BICS", {"GBP": "LANTLV22"}, "belongs to no account"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(at_banks, name, value, word):
    setattr(at_banks, name, value)

    assert any(word in said for said in says())
    assert "EUR" not in transfer_accounts.usable() or name == "TRANSFER_BICS"


def test_where_nothing_is_set_nothing_is_said(settings):
    assert says() == []
    assert transfer_accounts.usable() == {}
