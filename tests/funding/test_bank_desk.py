"""Statements in the desk: taken in, looked at, and each doubt resolved in two clicks."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tamizdat.funding import crediting, halting
from tamizdat.funding.halting import Scope
from tamizdat.funding.models import Contribution, Letter, Pledge, RiskRule
from tamizdat.ledger import books
from tamizdat.payments.models import BankLine, Charge, CsvLayout, Refund
from tests.funding.staff import log_in, shown
from tests.funding.transfers import arrive, promised, sent
from tests.payments.camt_file import NAME, THEIRS, entry, of
from tests.payments.test_csv_statements import GERMAN
from tests.payments.transfers import transfer  # noqa: F401

pytestmark = pytest.mark.usefixtures("outlet", "transfer")


@pytest.fixture
def ana(client, django_user_model):
    """She may take in statements and decide about lines, and nothing else."""
    may = ("view_bankline", "change_bankline", "add_bankstatement")
    return log_in(client, django_user_model, *may)


def upload(client, content, name="statement.xml"):
    file = SimpleUploadedFile(name, content)
    return client.post("/desk/bank/", {"file": file}, follow=True).content.decode()


def press(client, what, **words):
    """The button of the one line that waits."""
    line = BankLine.objects.waiting().first()
    address = f"/desk/bank/line/{line.public_id}/"
    proposed = dict(re.findall(r'name="(gift)" value="([^"]*)"', shown(client, address)))
    return client.post(address, proposed | {"what": what} | words, follow=True).content.decode()


def cash():
    return books.balance("cash-transfer", "EUR").minor


def test_a_statement_is_taken_in_and_what_came_of_it_is_said(client, ana):
    content = of(sent(promised()), entry(700, "no reference"), closing=1200)

    page = upload(client, content)

    assert "2 new lines, 0 known before; 1 gifts booked, 0 payouts found, 1 lines wait" in page
    assert "Adds up to the cent" in page
    assert crediting.NO_REFERENCE not in page
    assert "There is no reference of ours in it" in page


@pytest.mark.parametrize(("content", "says"), [(b"<a/>", "no statement of a bank"), (b"", "")])
def test_what_is_no_statement_is_refused_in_words(client, ana, content, says):
    assert says in upload(client, content)
    assert BankLine.objects.count() == 0


def test_one_bad_entry_is_told(client, ana):
    page = upload(client, of(entry(500), entry(1, sum="")))

    assert "entry 2: it has no amount. All else in the file was taken in." in page


def test_a_line_shows_what_was_written_and_nobody(client, ana):
    arrive(entry(500, "for the newspaper"))

    page = shown(client, f"/desk/bank/line/{BankLine.objects.get().public_id}/")

    assert "for the newspaper" in page
    assert NAME not in page
    assert THEIRS not in page


def test_another_sum_is_booked_as_what_arrived(client, ana):
    charge = promised()
    arrive(sent(charge, 700))

    page = press(client, "gift")

    charge.refresh_from_db()
    assert "Done." in page
    assert (charge.state, charge.amount_minor, cash()) == ("succeeded", 700, 700)


def test_of_an_order_the_new_sum_is_the_sum_from_now_on(client, ana):
    charge = promised("month")
    arrive(sent(charge), number="1")
    arrive(sent(charge, 700, day=date(2026, 12, 23)), number="2")

    press(client, "gift")

    pledge = Pledge.objects.get()
    assert (pledge.amount_minor, pledge.dues.count()) == (700, 2)
    assert arrive(sent(charge, 700, day=date(2027, 1, 23)), number="3") == []


def test_a_second_transfer_is_one_more_gift_of_the_same_giver(client, ana):
    charge = promised()
    arrive(sent(charge), sent(charge))

    press(client, "gift")

    gifts = Contribution.objects.order_by("pk")
    assert len({gift.supporter_id for gift in gifts}) == 1
    assert (gifts.count(), cash()) == (2, 1000)


def test_one_without_a_reference_is_matched_by_the_receipt_number(client, ana):
    charge = promised()
    arrive(entry(500, "it is me"))

    press(client, "gift", gift=charge.reference)

    charge.refresh_from_db()
    assert charge.state == Charge.State.SUCCEEDED


def test_a_number_that_nobody_has_changes_nothing(client, ana):
    arrive(entry(500, "it is me"))

    assert "There is no gift with this number" in press(client, "gift", gift="made up")
    assert cash() == 0


def test_a_gift_without_a_giver(client, ana):
    arrive(entry(500, "it is me"))

    press(client, "nobody")

    assert (Contribution.objects.get().supporter, cash()) == (None, 500)


@pytest.mark.parametrize(("what", "state"), [("sent_back", "sent_back"), ("no_gift", "set_aside")])
def test_what_is_not_kept_is_not_in_the_books(client, ana, what, state):
    arrive(entry(500, "it is me"))

    press(client, what)

    line = BankLine.objects.get()
    assert (line.state, line.sealed_text, cash()) == (state, None, 0)


def test_what_endangers_can_only_be_sent_back(client, ana):
    RiskRule.objects.create(country="DE", action="never", starts_on=date(2026, 1, 1))
    charge = promised()
    arrive(sent(charge))
    page = shown(client, f"/desk/bank/line/{BankLine.objects.get().public_id}/")
    assert "Book it" not in page

    for what in ("gift", "nobody"):
        assert "Nothing was changed" in press(client, what, gift=charge.reference)
    assert cash() == 0
    assert "Done." in press(client, "sent_back")


@pytest.mark.parametrize("danger", ["rule", "halt"])
@pytest.mark.parametrize("what", ["gift", "nobody"])
def test_what_endangers_since_it_began_to_wait_can_only_be_sent_back(client, ana, danger, what):
    charge = promised()
    assert arrive(sent(charge, 700)) == [crediting.OTHER_SUM]
    if danger == "rule":
        RiskRule.objects.create(country="DE", action="never", starts_on=date(2026, 1, 1))
    else:
        halting.halt(Scope(country="DE"), reason="a new law", now=timezone.now())

    page = press(client, what, gift=charge.reference)

    assert "Nothing was changed" in page
    assert (cash(), Letter.objects.count()) == (0, 0)
    assert list(BankLine.objects.waiting().values_list("reason", flat=True)) == ["endangered"]
    assert "Send it back." in page
    assert "Done." in press(client, "sent_back")


def test_a_gift_that_went_back_is_booked(client, ana):
    charge = promised()
    arrive(sent(charge), number="1")
    arrive(sent(charge, -500, code="RRTN"), number="2")

    press(client, "return")

    charge.refresh_from_db()
    assert (charge.refunded_minor, Refund.objects.get().state) == (500, "succeeded")
    assert cash() == 0


def test_no_more_goes_back_than_came(client, ana):
    charge = promised()
    arrive(sent(charge), number="1")
    arrive(sent(charge, -501, code="RRTN"), number="2")

    assert "Nothing was changed" in press(client, "return")
    assert cash() == 500


def test_pressed_twice_it_is_decided_once(client, ana):
    arrive(entry(500, "it is me"))
    address = f"/desk/bank/line/{BankLine.objects.get().public_id}/"

    first = client.post(address, {"what": "nobody"})
    second = client.post(address, {"what": "nobody"})

    assert (first.status_code, second.status_code) == (302, 404)
    assert cash() == 500


def test_who_decided_what_is_kept_for_good(client, ana):
    arrive(entry(500, "it is me"))
    press(client, "nobody")

    logged = ModelLogEntry.objects.get(action="funding.resolve_bank_line")
    assert logged.user == ana
    assert "gift without a giver" in logged.message
    assert "it is me" not in str(logged.data)


@pytest.mark.parametrize("missing", ["change_bankline", "add_bankstatement"])
def test_nobody_decides_or_takes_in_without_the_right(client, ana, missing):
    arrive(entry(500, "it is me"))
    ana.user_permissions.remove(Permission.objects.get(codename=missing))

    if missing == "change_bankline":
        press(client, "nobody")
    else:
        upload(client, of(entry(900), number="2"))
    assert BankLine.objects.get().state == BankLine.State.WAITING


def test_without_the_right_to_see_them_there_is_no_page(client, ana):
    ana.user_permissions.remove(Permission.objects.get(codename="view_bankline"))

    assert client.get("/desk/bank/").status_code == 302


def layout_words(page, **words):
    sealed = re.search(r'name="sealed" value="([^"]*)"', page)[1]
    chosen = {
        "iban": "LV76LANT0000000000000",
        "encoding": "utf-8",
        "decimal_sign": ",",
        "day_format": "%d.%m.%Y",
        "day": "Buchungstag",
        "amount": "Betrag",
        "currency": "Währung",
        "account": "IBAN",
        "texts": ["Verwendungszweck"],
    }
    return chosen | {"sealed": sealed} | words


def test_of_a_new_csv_a_person_says_once_which_column_is_what(client, ana):
    page = upload(client, GERMAN.encode(), "umsatz.csv")
    assert "Which column is what" in page
    assert 'value="Buchungstag" selected' in page

    tried = client.post("/desk/bank/layout/", layout_words(page)).content.decode()
    assert "3 rows can be read" in tried
    assert (CsvLayout.objects.count(), BankLine.objects.count()) == (0, 0)

    client.post("/desk/bank/layout/", layout_words(page, keep="yes"))
    assert BankLine.objects.count() == 3
    assert "0 new lines, 3 known before" in upload(client, GERMAN.encode(), "again.csv")

    client.post(f"/desk/bank/layout/{CsvLayout.objects.get().pk}/forget/")
    assert "Which column is what" in upload(client, GERMAN.encode(), "again.csv")


def test_a_file_that_was_changed_on_the_way_is_not_read(client, ana):
    page = upload(client, GERMAN.encode(), "umsatz.csv")
    words = layout_words(page, keep="yes")

    client.post("/desk/bank/layout/", words | {"sealed": words["sealed"][:-8] + "AAAAAAA="})
    assert BankLine.objects.count() == 0


def test_the_home_page_says_what_must_be_sent_back(client, ana):
    ana.user_permissions.add(Permission.objects.get(codename="view_pledge"))
    RiskRule.objects.create(country="DE", action="never", starts_on=date(2026, 1, 1))
    arrive(entry(500, "it is me"))

    assert "must be sent back today" in shown(client, "/desk/")


def test_giving_back_says_where_it_can_be_done(client, ana, django_user_model):
    codenames = ("view_pledge", "view_contribution", "add_refund")
    ana.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    charge = promised()
    arrive(sent(charge))

    words = {"amount": "5", "reason": "asked for it", "number": "1"}
    page = client.post(f"/desk/gifts/{charge.reference}/", words, follow=True).content.decode()

    charge.refresh_from_db()
    assert "Send it at your bank with the reference of this gift" in page
    assert (charge.refunded_minor, cash()) == (0, 500)
