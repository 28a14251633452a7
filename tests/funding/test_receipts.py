"""Receipts: a page and a PDF, in the reader's language, naming nobody, kept nowhere."""

import io
import re
import unicodedata

import pytest
from django.utils import timezone
from pypdf import PdfReader

from tamizdat.funding.models import Contribution
from tamizdat.lib.money import Money
from tamizdat.lib.sheets import Sheet, as_pdf
from tamizdat.outlet.models import Masthead
from tamizdat.payments import refunding, settling
from tests.conftest import NOON
from tests.funding.givers import ADDRESS, give, pledge_of, wish

pytestmark = pytest.mark.usefixtures("newsroom")


def receipt(client, charge, suffix="/", language=""):
    return client.get(f"{language}/thanks/{charge.reference}/receipt{suffix}")


def text_of(content):
    """What a reader of a PDF hears, in letters as they are typed."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return unicodedata.normalize("NFKC", "\n".join(pages))


def test_it_says_what_was_given_when_and_under_which_number(client, nowhere):
    charge = give(nowhere, wish("once"))

    page = receipt(client, charge).content.decode()
    paper = text_of(receipt(client, charge, ".pdf").content)

    for said in (page, paper):
        assert charge.receipt_number in said
        assert "$5, once" in said
        assert "22 November 2026" in said
    assert (
        f"/thanks/{charge.reference}/receipt/"
        in client.get(f"/thanks/{charge.reference}/").content.decode()
    )


def test_it_says_what_was_given_back_and_what_remains(client, nowhere):
    charge = pledge_of(nowhere).dues.get().charge
    refunding.refund(charge, Money(150, "USD"), now=timezone.now())

    for suffix in ("/", ".pdf"):
        content = receipt(client, charge, suffix).content
        said = text_of(content) if suffix == ".pdf" else content.decode()
        assert "$1.50" in said
        assert "Given back on" in said
        assert "$3.50" in said


def test_it_says_what_a_bank_took_back_for_good(client, nowhere):
    charge = give(nowhere, wish("once"))
    disputed = nowhere.bank.dispute(charge.latest_attempt.remote_id)
    settling.resolve(charge.latest_attempt, now=NOON)
    assert "Taken back" not in receipt(client, charge).content.decode()

    nowhere.bank.decide(disputed, won=False)
    settling.resolve(charge.latest_attempt, now=NOON)

    page = receipt(client, charge).content.decode()
    assert "Taken back by your bank on 22 November 2026" in page
    assert re.search(r"What remains given</dt><dd><bdi>\$0.00", page)


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", ["Квитанция", "22 ноября 2026"]), ("fa", ["رسید", "۱۴۰۵"])],
)
def test_it_is_in_the_readers_language_and_letters(client, nowhere, language, words):
    charge = give(nowhere, wish("once"))

    page = receipt(client, charge, language=f"/{language}").content.decode()
    paper = receipt(client, charge, ".pdf", language=f"/{language}").content

    for word in words:
        assert word in page
        assert letters(word) <= letters(text_of(paper))
    assert PdfReader(io.BytesIO(paper)).trailer["/Root"]["/Lang"] == language


def letters(text):
    """Whatever the order in which a PDF holds what is written from right to left."""
    return set(unicodedata.normalize("NFKC", text)) - {" "}


def test_it_names_nobody_and_nothing_of_ours_that_need_not_be_there(client, nowhere):
    charge = give(nowhere, wish("once"))

    paper = PdfReader(io.BytesIO(receipt(client, charge, ".pdf").content))

    assert ADDRESS not in text_of(receipt(client, charge, ".pdf").content)
    assert set(paper.metadata or {}) <= {"/Title", "/Creator"}
    assert not re.search(r"<xmp:(Create|Modify)Date>", str(paper.xmp_metadata or ""))


def test_without_our_name_it_can_be_had_too(client, nowhere):
    charge = give(nowhere, wish("once"))
    name = Masthead.objects.speaking("en").name

    assert name in text_of(receipt(client, charge, ".pdf").content)
    assert name not in text_of(receipt(client, charge, ".pdf?neutral").content)


def test_nobody_on_the_way_keeps_it(client, nowhere):
    charge = give(nowhere, wish("once"))

    for suffix in ("/", ".pdf"):
        assert "no-store" in receipt(client, charge, suffix)["Cache-Control"]
    assert receipt(client, charge, ".pdf")["Content-Type"] == "application/pdf"


def test_there_is_none_for_what_did_not_arrive(client, nowhere):
    charge = give(nowhere, wish("once"), card="4000000000009995")

    answer = receipt(client, charge, ".pdf")

    assert (answer.status_code, answer["Location"]) == (302, f"/thanks/{charge.reference}/")
    assert receipt(client, Contribution.objects.get().charge).status_code == 302


def test_words_on_a_sheet_are_never_commands():
    words = '#panic("x") $ [ ] \\ *bold* `raw` <label> @ref https://a.example'
    sheet = Sheet(title=words, language="en", is_rtl=False, head=words, facts=[(words, words)])

    assert text_of(as_pdf(sheet)).count('#panic("x")') == 4


def test_a_sheet_is_the_same_whenever_it_is_made():
    sheet = Sheet(
        title="A", language="fa", is_rtl=True, rows=[["1", "2", "3"]], columns=["a", "b", "c"]
    )

    assert as_pdf(sheet) == as_pdf(sheet)
