"""Reading camt.053: our own files for what must hold, a collection of others' for what there is."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.money import Money
from tamizdat.payments.statements import camt
from tamizdat.payments.statements.reading import NotAStatement
from tests.inputs import INPUTS, needs
from tests.payments import camt_file
from tests.payments.camt_file import DAY, THEIRS, amount, details, document, entry, of, statement

EUR = "EUR"
COLLECTION = INPUTS / "bank/genkgo-camt"
collection = needs(COLLECTION)


def only_entry(content):
    (read,) = camt.read(content)
    (found,) = read.entries
    return found


@pytest.mark.parametrize("version", ["02", "03", "04", "06", "08", "12"])
def test_every_version_is_read(version):
    content = document(statement(entry(500, "RF66", number="N1")), version=version)

    found = only_entry(content)

    assert (found.money, found.booked_on) == (Money(500, EUR), DAY)
    assert (found.entry_id, found.account, found.texts[0]) == ("N1", THEIRS, "RF66")


def test_debits_are_below_zero_and_their_receiver_is_the_other_side():
    found = only_entry(of(entry(-500, "back", iban="FR7630006000011234567890189")))

    assert found.money == Money(-500, EUR)
    assert found.account.startswith("FR")


def test_lines_that_the_bank_wrapped_are_one_text():
    assert only_entry(of(entry(5, "RF66WXXVGX\nGCSSVB"))).texts[0] == "RF66WXXVGX\nGCSSVB"


def test_what_is_announced_or_of_nothing_is_counted_and_left_out():
    (read,) = camt.read(of(entry(500, state="PDNG"), entry(0), entry(700)))

    assert [each.money.minor for each in read.entries] == [700]
    assert (read.not_booked, read.problems) == (2, [])


def test_five_decimals_are_cents_if_they_are_cents():
    fine = entry(850, sum=amount(850, digits=5))
    bad = entry(850, sum='<Amt Ccy="EUR">8.50001</Amt>')

    (read,) = camt.read(of(fine, bad, entry(700)))

    assert [each.money.minor for each in read.entries] == [850, 700]
    assert read.problems == ["entry 2: its amount is no whole sum of EUR"]


@pytest.mark.parametrize(
    "bad",
    [
        entry(1, sum=""),
        entry(1, sum='<Amt Ccy="EUR">five</Amt>'),
        entry(1, sum='<Amt Ccy="EUR">NaN</Amt>'),
        entry(1, sum='<Amt Ccy="EUR">-1.00</Amt>'),
        entry(1, sum='<Amt Ccy="XQQ">1.00</Amt>'),
        entry(1, sum="<Amt>1.00</Amt>"),
        entry(1, day="soon"),
        "<Ntry><Sts>BOOK</Sts></Ntry>",
    ],
)
def test_one_bad_entry_loses_no_other(bad):
    (read,) = camt.read(of(entry(500), bad, entry(700)))

    assert [each.money.minor for each in read.entries] == [500, 700]
    assert len(read.problems) == 1
    assert read.problems[0].startswith("entry 2: ")


def test_many_transfers_that_were_booked_as_one_are_many():
    parts = details(200, "one", own=True) + details(300, "two", own=True)
    (read,) = camt.read(of(entry(500, parts=parts)))

    found = [(each.money.minor, each.texts[0]) for each in read.entries]
    assert found == [(200, "one"), (300, "two")]


def test_where_their_sums_do_not_make_the_whole_it_stays_one():
    parts = details(200, "one", own=True) + details(200, "two", own=True)

    assert only_entry(of(entry(500, parts=parts))).money == Money(500, EUR)


def test_a_bank_says_in_three_ways_that_it_takes_one_back():
    returned = details(-5, "").replace("</TxDtls>", "<RtrInf><Rsn/></RtrInf></TxDtls>")
    entries = [entry(-5, code="RRTN"), entry(-5, parts=returned), entry(-5)]
    entries.append(entry(-5).replace("<Sts>", "<RvslInd>true</RvslInd><Sts>"))

    (read,) = camt.read(of(*entries))

    assert [each.is_return for each in read.entries] == [True, True, False, True]


def test_balances_and_days_are_read():
    content = of(entry(500), opening=-1000, closing=-500, first=date(2026, 11, 20))

    (read,) = camt.read(content)

    assert (read.opening, read.closing) == (Money(-1000, EUR), Money(-500, EUR))
    assert read.days == (date(2026, 11, 20), DAY)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no XML"),
        (b"<a>", "damaged"),
        (b"<html/>", "no statement of a bank"),
        (document(kind="052"), "within a day"),
        (document(kind="054"), "single bookings"),
        (document(), "no statement in the file"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + of(entry(5)).partition(b"?>")[2], "DOCTYPE"),
    ],
)
def test_what_is_no_statement_is_refused_with_what_to_do(content, word):
    with pytest.raises(NotAStatement, match=word):
        camt.read(content)


def test_no_entity_is_expanded_and_no_file_of_ours_read():
    bomb = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    content = bomb + of(entry(5, "TEXT")).partition(b"?>")[2].replace(b"TEXT", b"&x;")

    with pytest.raises(NotAStatement, match="DOCTYPE"):
        camt.read(content)


@given(st.binary(max_size=200))
def test_no_file_breaks_it(content):
    for each in (content, of(entry(5)) + content, b"<" + content):
        with contextlib.suppress(NotAStatement):
            camt.read(each)


@given(st.integers(0, len(of(entry(5)))), st.binary(max_size=4))
def test_no_damage_breaks_it(place, bytes_):
    whole = of(entry(5), opening=5, closing=10)
    with contextlib.suppress(NotAStatement):
        camt.read(whole[:place] + bytes_ + whole[place + len(bytes_) :])


@collection
@pytest.mark.parametrize("path", sorted(COLLECTION.glob("*.xml")), ids=lambda path: path.stem)
def test_each_statement_of_the_collection_is_read_or_refused_in_words(path):
    is_statement = path.name.startswith("camt053") and "wrong" not in path.name
    if is_statement or path.name.startswith("camt53."):
        assert all(not read.problems for read in camt.read(path.read_bytes()))
    else:
        with pytest.raises(NotAStatement):
            camt.read(path.read_bytes())


@collection
@pytest.mark.parametrize(
    ("name", "sums"),
    [
        ("camt053.v2.five.decimals", [[885]]),
        ("camt053.v2.multi.statement", [[885], [-700]]),
        ("camt053.v2.minimal", [[885]]),
        ("camt053.v3", [[885]]),
        ("camt053.v4", [[885]]),
        ("camt053.v8", [[885]]),  # its transfer claims 0 SEK; the entry says what was booked
        ("camt53.only-Dt-with-DtTm", [[]]),
    ],
)
def test_the_sums_of_the_collection_are_those_it_expects(name, sums):
    statements = camt.read((COLLECTION / f"{name}.xml").read_bytes())

    assert [[each.money.minor for each in read.entries] for read in statements] == sums


def test_a_name_is_not_even_held_in_memory():
    assert camt_file.NAME not in repr(camt.read(of(entry(500, "text"))))
