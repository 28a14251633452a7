"""A year of one supporter: gifts, what was given back, sums; from their link and from the desk."""

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import ModelLogEntry

from tamizdat.funding import access, schedule, statements
from tamizdat.funding.models import Supporter
from tamizdat.funding.statements import Kind
from tamizdat.lib.money import Money
from tamizdat.payments import refunding, settling
from tamizdat.payments.models import Attempt, Charge, Instrument
from tests.funding.givers import ADDRESS, at, give, pledge_of, wish
from tests.funding.test_receipts import text_of

pytestmark = pytest.mark.usefixtures("newsroom")
BOB = "bob@example.org"


@pytest.fixture
def ana(nowhere):
    """She gave $5 three times over the turn of a year, €7 once, and got €1 of that back."""
    pledge_of(nowhere, now=at(2025, 11, 30))
    schedule.charge_due(now=at(2025, 12, 30))
    schedule.charge_due(now=at(2026, 1, 30))
    euros = give(nowhere, wish("once", minor=700, currency="EUR"), now=at(2026, 2, 3))
    give(nowhere, wish("once", address=BOB), now=at(2026, 2, 3))
    refunding.refund(euros, Money(100, "EUR"), now=at(2026, 3, 1))
    return Supporter.objects.get(address_index__isnull=False, contributions__charge=euros)


def page_of(client, supporter, year, suffix="/", *, now=None):
    token = access.token_for(supporter, None, now=now or at(2026, 11, 22))
    return client.get(f"/manage/{token}/{year}{suffix}")


def test_a_year_has_its_gifts_what_went_back_and_sums(ana):
    year = statements.of(ana, year=2026)

    assert [(row.on.isoformat(), row.money.minor, row.kind) for row in year.rows] == [
        ("2026-01-30", 500, Kind.GIFT),
        ("2026-02-03", 700, Kind.GIFT),
        ("2026-03-01", 100, Kind.GIVEN_BACK),
    ]
    eur, usd = year.totals
    assert (eur.given, eur.given_back, eur.remains) == tuple(
        Money(minor, "EUR") for minor in (700, 100, 600)
    )
    assert (usd.given.minor, usd.given_back.minor) == (500, 0)


def test_each_year_stands_by_itself(ana):
    assert statements.years(ana) == [2026, 2025]
    assert statements.of(ana, year=2025).totals[0].given == Money(1000, "USD")


def dispute(nowhere, charge, *, won=None, now):
    at_the_bank = nowhere.bank.dispute(charge.latest_attempt.remote_id)
    if won is not None:
        nowhere.bank.decide(at_the_bank, won=won)
    settling.resolve(charge.latest_attempt, now=now)


def test_what_a_bank_took_back_for_good_is_not_among_what_remains_given(client, nowhere):
    charge = give(nowhere, wish("once", minor=700), now=at(2025, 12, 3))
    give(nowhere, wish("once", minor=500), now=at(2026, 2, 3))
    dispute(nowhere, charge, won=False, now=at(2026, 3, 1))
    giver = Supporter.objects.get()

    [lost] = [row for row in statements.of(giver, year=2026).rows if row.kind is Kind.TAKEN_BACK]
    assert (lost.on.isoformat(), lost.money.minor, lost.receipt_number) == (
        "2026-03-01",
        700,
        charge.receipt_number,
    )
    [total] = statements.of(giver, year=2026).totals
    assert (total.given.minor, total.taken_back.minor, total.remains.minor) == (500, 700, -200)
    assert statements.of(giver, year=2025).totals[0].remains.minor == 700
    page = page_of(client, giver, 2026).content.decode()
    assert "Taken back by your bank in all" in page


@pytest.mark.parametrize("won", [True, None], ids=["won", "not decided"])
def test_what_a_bank_may_return_or_returned_stays_given(nowhere, won):
    charge = give(nowhere, wish("once"), now=at(2026, 2, 3))
    dispute(nowhere, charge, won=won, now=at(2026, 3, 1))

    stated = statements.of(Supporter.objects.get(), year=2026)

    assert [row.kind for row in stated.rows] == [Kind.GIFT]


def test_other_providers_and_cards_change_nothing(ana):
    before = statements.of(ana, year=2026)
    Attempt.objects.update(provider="gone")
    Instrument.objects.update(provider="gone", state="revoked")

    assert statements.of(ana, year=2026) == before


def test_what_was_not_paid_is_not_in_it(ana, nowhere):
    give(nowhere, wish("once"), card="4000000000009995", now=at(2026, 5, 1))

    assert len(statements.of(ana, year=2026).rows) == 3


def test_the_link_in_a_mail_leads_to_it(client, ana):
    page = page_of(client, ana, 2026).content.decode()
    paper = text_of(page_of(client, ana, 2026, ".pdf").content)

    for said in (page, paper):
        assert "3 February 2026" in said
        assert "€7.00" in said
        assert "€6.00" in said
        assert "$5.00" in said
    assert BOB not in page + paper
    token = access.token_for(ana, None, now=at(2026, 11, 22))
    assert f"/manage/{token}/2025/" in client.get(f"/manage/{token}/").content.decode()


def test_a_year_of_which_there_is_nothing_is_not_there(client, ana):
    for year in (2024, 0, 99999):
        assert page_of(client, ana, year).status_code == 404


def test_an_old_link_leads_to_where_a_new_one_is_sent(client, ana):
    answer = page_of(client, ana, 2026, ".pdf", now=at(2026, 1, 1))

    assert answer.status_code == 302
    assert client.get("/manage/altered/2026/").status_code == 404


def test_who_was_forgotten_has_a_statement_as_long_as_the_link_lives(client, ana):
    ana.erase()

    assert page_of(client, ana, 2026).status_code == 200


def test_nobody_on_the_way_keeps_it(client, ana):
    for suffix in ("/", ".pdf"):
        assert "no-store" in page_of(client, ana, 2026, suffix)["Cache-Control"]


@pytest.fixture
def lead(client, django_user_model):
    user = django_user_model.objects.create_user("lia")
    names = ("access_admin", "view_pledge", "view_contribution")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return user


def test_from_the_desk_it_is_had_for_one_supporter_and_the_log_says_by_whom(client, ana, lead):
    charge = Charge.objects.get(amount_minor=700)
    page = client.get(f"/desk/gifts/{charge.reference}/").content.decode()
    assert f"/desk/gifts/{charge.reference}/2026.pdf" in page

    paper = client.get(f"/desk/gifts/{charge.reference}/2026.pdf")

    assert "€6.00" in text_of(paper.content)
    entry = ModelLogEntry.objects.get(action="funding.state")
    assert (entry.user, entry.data["year"]) == (lead, 2026)
    assert charge.receipt_number in entry.message
    assert ADDRESS not in str(entry.data)


def test_whoever_sees_no_gifts_takes_no_statement(client, ana, django_user_model):
    client.force_login(django_user_model.objects.create_user("rati"))
    charge = Charge.objects.get(amount_minor=700)

    assert client.get(f"/desk/gifts/{charge.reference}/2026.pdf").status_code == 302
    assert not ModelLogEntry.objects.filter(action="funding.state").exists()


def test_a_history_is_found_without_reading_every_charge(ana, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(statements.of(ana, year=2026).rows) == 3
