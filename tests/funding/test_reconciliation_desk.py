"""Money, Reconciliation: what differs, what to do, and who said why."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import ModelLogEntry

from tamizdat.ledger import books
from tamizdat.payments import reconciling
from tamizdat.payments.models import Attempt, Difference, KeptLine
from tests.conftest import NOON
from tests.funding.givers import give, wish

pytestmark = pytest.mark.usefixtures("outlet")


@pytest.fixture
def ana(client, django_user_model):
    """She may see differences and explain them."""
    user = django_user_model.objects.create_user("ana", first_name="Ana")
    codenames = ("access_admin", "view_pledge", "view_difference", "change_difference")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user


@pytest.fixture
def difference(nowhere):
    """A gift of 5 dollars that the provider has never heard of."""
    give(nowhere, wish("once"))
    nowhere.provider.account_lines = lambda **_: iter(())
    reconciling.reconcile(nowhere.provider, now=NOON + timedelta(days=3))
    return Difference.objects.get()


def explain(client, difference, **words):
    page = f"/desk/reconciliation/{difference.pk}/"
    return client.post(page, {"note": "the bank lost it"} | words, follow=True)


def test_before_the_first_gift_it_says_so(client, ana):
    page = client.get("/desk/reconciliation/").content.decode()

    assert "No provider was asked yet" in page
    assert "Every line is explained" in page


def test_balances_stand_side_by_side(client, ana, nowhere):
    nowhere.set_clock(NOON)
    give(nowhere, wish("once"))
    reconciling.reconcile(nowhere.provider, now=NOON + timedelta(hours=1))

    page = client.get("/desk/reconciliation/").content.decode()

    assert page.count("$4.55") == 2
    assert "$0.00" in page
    assert "Every line is explained" in page


def test_each_difference_says_what_to_do(client, ana, difference):
    page = client.get("/desk/reconciliation/").content.decode()

    assert "only in our books" in page
    assert difference.key in page
    assert "ask the provider" in page
    assert "-$4.55" in page


def test_its_page_says_of_which_payment_it_is_and_what_the_provider_calls_it(
    client, ana, difference, nowhere
):
    paid = Attempt.objects.get()
    KeptLine.objects.create(
        provider=difference.provider,
        line_id="txn_1",
        movement="payment",
        at=NOON,
        gross_minor=1,
        fee_minor=0,
        currency="USD",
        payment_id=paid.remote_id,
        key=difference.key,
    )

    page = client.get(f"/desk/reconciliation/{difference.pk}/").content.decode()

    assert f"In the books it is: payment {paid.charge_id}." in page
    assert f"calls it <code>{paid.remote_id}</code>" in page


def test_the_desk_s_first_page_tells_of_it(client, ana, difference):
    home = client.get("/desk/").content.decode()

    assert "1 line is not explained" in home
    assert "/desk/reconciliation/" in home


def test_whoever_explains_it_is_kept_with_the_note(client, ana, difference):
    page = explain(client, difference).content.decode()

    difference.refresh_from_db()
    assert (difference.state, difference.note) == ("explained", "the bank lost it")
    entry = ModelLogEntry.objects.get(action="payments.explain")
    assert (entry.user, entry.data["note"]) == (ana, "the bank lost it")
    assert "the bank lost it" in entry.message
    assert "the bank lost it" in page
    assert "not explained" not in client.get("/desk/").content.decode()


def test_the_provider_can_be_believed(client, ana, difference):
    explain(client, difference, books_it="on")

    assert books.balance("cash-demo-bank", "USD").minor == 0
    assert books.balance("suspense", "USD").minor == 455


def test_without_a_reason_nothing_is_explained(client, ana, difference):
    answer = explain(client, difference, note=" ")

    difference.refresh_from_db()
    assert (answer.status_code, difference.state) == (422, "open")


def test_pressed_twice_it_is_explained_once(client, ana, difference):
    explain(client, difference, books_it="on")
    page = explain(client, difference, books_it="on").content.decode()

    assert "closed or booked meanwhile" in page
    assert ModelLogEntry.objects.filter(action="payments.explain").count() == 1


def test_whoever_may_only_look_explains_nothing(client, ana, difference):
    ana.user_permissions.remove(Permission.objects.get(codename="change_difference"))

    page = client.get("/desk/reconciliation/").content.decode()
    explain(client, difference)

    difference.refresh_from_db()
    assert "Explain it" not in page
    assert difference.state == "open"


def test_the_role_for_it_is_the_revenue_lead(newsroom):
    may = Group.objects.filter(permissions__codename="change_difference")
    assert [group.name for group in may] == ["Revenue lead"]
