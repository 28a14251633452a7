"""`tamizdat books reconcile`, as an operator runs it."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("nowhere", ["demo-bank"], indirect=True),
]


def reconcile(*words):
    said = io.StringIO()
    call_command("books", "reconcile", *words, stdout=said)
    return said.getvalue()


def test_it_says_what_both_hold_and_that_all_is_explained(nowhere, paid):
    said = reconcile("--provider", "demo-bank", "--since", "2020-01-01")

    assert "demo-bank: 1 new lines" in said
    assert "EUR: books 4.55, account 4.55, difference 0.00, not explained 0.00" in said
    assert "Every line is explained." in said


def test_it_fails_while_anything_is_not(nowhere, paid):
    nowhere.provider.account_lines = lambda **_: iter(())
    # Long ago by the wall's clock, which is the command's.
    with pytest.raises(CommandError, match="1 not explained"):
        reconcile("--since", "2020-01-01")


def test_a_provider_that_is_not_here_or_does_not_answer_is_said(nowhere, paid):
    nowhere.bank.dial.turn(break_before=1)

    with pytest.raises(CommandError, match="does not answer"):
        reconcile()
    with pytest.raises(CommandError, match="not set up here"):
        reconcile("--provider", "elsewhere")
