import pytest
from django.db import IntegrityError, connection, transaction

from tamizdat.funding.models import Supporter
from tamizdat.ledger import books
from tamizdat.lib.vault import CannotOpen
from tamizdat.outlet.vault import vault
from tests.conftest import NOON
from tests.funding.givers import ADDRESS, give, wish

pytestmark = pytest.mark.django_db


def at(address):
    return Supporter.objects.at(address, language="en", now=NOON)


def test_the_same_address_is_the_same_supporter_however_it_is_written():
    assert at(ADDRESS) == at(" Ana@Example.org ")
    assert at("beso@example.org") != at(ADDRESS)


def test_nothing_in_the_row_reads_like_the_address():
    at(ADDRESS)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM funding_supporter")
        row = [bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()]
    assert "ana" not in str(row)
    assert Supporter.objects.get().address == ADDRESS


def test_forgetting_destroys_the_key_so_that_an_old_copy_of_the_row_says_nothing():
    supporter = at(ADDRESS)
    old_copy = bytes(supporter.sealed_address)

    supporter.erase()

    supporter.refresh_from_db()
    assert (supporter.address, supporter.address_index) == ("", None)
    with pytest.raises(CannotOpen):
        vault().open(old_copy)


def test_forgetting_leaves_the_books_as_they_were(outlet, nowhere):
    give(nowhere, wish())
    before = books.trial_balance()

    Supporter.objects.get().erase()

    assert books.trial_balance() == before != []


def test_half_an_address_cannot_be_stored():
    supporter = at(ADDRESS)

    with pytest.raises(IntegrityError), transaction.atomic():
        Supporter.objects.filter(pk=supporter.pk).update(sealed_key=None)


def test_two_who_were_forgotten_can_both_be_there():
    for address in (ADDRESS, "beso@example.org"):
        at(address).erase()

    assert Supporter.objects.count() == 2
