"""The number on paper finds a gift in the desk; what opens its page stands on no paper."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.utils import timezone

from tamizdat.funding import access, giving_back, letters, resolving
from tamizdat.funding.models import Supporter
from tamizdat.lib.money import Money
from tamizdat.payments import refunding
from tamizdat.payments.models import Charge
from tests.conftest import NOON
from tests.funding.givers import give, wish
from tests.funding.test_receipts import text_of

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture
def gift(nowhere):
    return give(nowhere, wish("once"), now=timezone.now())


def test_with_it_no_page_of_the_gift_is_opened(client, gift):
    for page in (f"/thanks/{gift.receipt_number}/", f"/thanks/{gift.receipt_number}/receipt.pdf"):
        assert client.get(page).status_code == 404


def test_no_paper_has_what_opens_the_page(client, gift):
    token = access.token_for(gift.contribution.supporter, None, now=timezone.now())
    year = gift.succeeded_at.year

    for paper in (f"/thanks/{gift.reference}/receipt.pdf", f"/manage/{token}/{year}.pdf"):
        said = text_of(client.get(paper).content)
        assert gift.receipt_number in said
        assert gift.reference not in said


def test_no_mail_has_what_opens_the_page(gift):
    refunding.refund(gift, Money(150, "USD"), now=timezone.now())
    letters.send_waiting(now=timezone.now())

    receipts = [sent.body for sent in mail.outbox if gift.receipt_number in sent.body]
    assert len(receipts) == 2
    assert gift.reference not in "".join(sent.body for sent in mail.outbox)


def test_of_many_gifts_it_finds_the_one():
    made = Charge.objects.bulk_create(
        Charge(amount_minor=5, currency="USD", created_at=NOON) for _ in range(50)
    )

    assert len({charge.receipt_number for charge in made}) == 50
    for charge in made:
        assert Charge.objects.of_receipt(charge.receipt_number).get() == charge


def test_no_other_gift_is_read_to_find_it(gift):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads all of so few")

    assert "SCAN" not in giving_back.numbered(gift.receipt_number).explain()
    theirs = giving_back.of_supporters(Supporter.objects.filter(pk=1))
    assert "SCAN payments_charge" not in theirs.explain()


def test_what_was_printed_before_it_was_kept_finds_the_gift_yet(gift):
    rows = Charge.objects.filter(pk=gift.pk)
    rows.update(reference="Zm9yLXRoZS1sYW50ZXJuIQ", receipt_digits="")

    import_module("tamizdat.payments.migrations.0004_receipt_digits").keep_as_printed(apps, None)

    gift.refresh_from_db()
    assert gift.receipt_number == "A702-701C-064C-5679"


def test_a_person_who_decides_about_a_transfer_may_write_it(gift):
    assert resolving.gift_meant_by(f" {gift.receipt_number} ") == gift


def test_a_number_of_digits_alone_is_looked_for_in_the_books_and_on_receipts(gift):
    digits = "1234567812345678"
    Charge.objects.filter(pk=gift.pk).update(receipt_digits=digits)

    assert giving_back.found_by(digits).get() == gift
