"""Statements as CSV: told by a person once which column is what, then read to the cent."""

from datetime import date

import pytest

from tamizdat.payments.models import CsvLayout
from tamizdat.payments.statements import files, table
from tamizdat.payments.statements.files import LayoutUnknown
from tamizdat.payments.statements.reading import NotAStatement
from tests.payments.camt_file import OURS, THEIRS

GERMAN = (
    "Umsätze;Girokonto\n\n"
    "Buchungstag;Betrag;Währung;Verwendungszweck;IBAN\n"
    f"23.11.2026;1.234,56;EUR;Spende für uns;{THEIRS}\n"
    f"24.11.2026;-12,50;EUR;Miete;{THEIRS}\n"
    f"25.11.2026;5;EUR;0,00;\n"
)


def layout(headings, **words):
    fields = {
        "headings": headings,
        "digest": table.digest_of(headings),
        "account": OURS,
        "currency": "EUR",
        "encoding": "utf-8",
        "delimiter": ";",
        "decimal_sign": ",",
        "day_format": "%d.%m.%Y",
        "columns": {"day": "Buchungstag", "amount": "Betrag", "texts": ["Verwendungszweck"]},
    }
    return CsvLayout(**fields | words)


def read(text, **words):
    unfolded = table.unfold(text.encode() if isinstance(text, str) else text)
    return table.read(unfolded, layout(unfolded.headings, **words))


def amounts(texts, **words):
    rows = "".join(f'23.11.2026;"{text}";x\n' for text in texts)
    return read(f"Buchungstag;Betrag;Verwendungszweck\n{rows}", **words)


def test_what_banks_write_above_the_headings_is_left_out():
    unfolded = table.unfold(GERMAN.encode())

    assert unfolded.headings[0] == "Buchungstag"
    assert (unfolded.delimiter, len(unfolded.rows)) == (";", 3)


def test_a_german_file_is_read_to_the_cent():
    statement = read(GERMAN, encoding="utf-8")

    found = [(each.money.minor, each.booked_on) for each in statement.entries]
    assert found[:2] == [(123456, date(2026, 11, 23)), (-1250, date(2026, 11, 24))]
    assert statement.entries[0].texts == ("Spende für uns",)
    assert statement.problems == []


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252"), ("utf-8", "utf-8")],
)
def test_encodings_are_found_out(encoding, found):
    unfolded = table.unfold(GERMAN.encode(encoding))

    assert unfolded.encoding == found
    assert "Währung" in unfolded.headings


def test_cyrillic_of_an_old_bank_is_read_when_a_person_says_so():
    text = "Дата;Сумма;Назначение\n23.11.2026;5,00;Подарок\n"

    assert table.unfold(text.encode("cp1251")).headings != ["Дата", "Сумма", "Назначение"]
    assert table.unfold(text.encode("cp1251"), encoding="cp1251").headings[1] == "Сумма"


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("12,50", 1250),
        ("1.234,56", 123456),
        ("1 234,56", 123456),
        ("1\N{NO-BREAK SPACE}234,5", 123450),
        ("12,50-", -1250),
        ("\N{MINUS SIGN}12,50", -1250),
        ("(12,50)", -1250),
        ("+7", 700),
        ("EUR 7,00", 700),
    ],
)
def test_a_decimal_comma_is_read_however_a_bank_writes_it(written, minor):
    (entry,) = amounts([written]).entries

    assert entry.money.minor == minor


@pytest.mark.parametrize("written", ["12.50", "1,234.56", "12,505", "", "five", "1.23.456,00"])
def test_what_does_not_fit_the_form_is_told_and_never_read_a_hundredfold(written):
    statement = amounts(["7,00", written, "8,00"])

    assert [each.money.minor for each in statement.entries] == [700, 800]
    assert statement.problems[0].startswith("row 2: ")


def test_a_comma_for_thousands_is_not_a_decimal_one():
    (entry,) = amounts(["1,234.56"], decimal_sign=".").entries

    assert entry.money.minor == 123456
    assert amounts(["12,50"], decimal_sign=".").entries == []


def test_two_columns_for_what_came_and_what_went():
    text = "Tag;In;Out;Text\n23.11.2026;5,00;;a\n23.11.2026;;7,00;b\n"
    columns = {"day": "Tag", "amount": "In", "debit": "Out", "texts": ["Text"]}

    assert [each.money.minor for each in read(text, columns=columns).entries] == [500, -700]


def test_a_column_for_the_side():
    text = "Tag;Summe;SH;Text\n23.11.2026;5,00;H;a\n23.11.2026;7,00;S;b\n"
    columns = {"day": "Tag", "amount": "Summe", "side": "SH", "texts": ["Text"]}

    assert [each.money.minor for each in read(text, columns=columns).entries] == [500, -700]


def test_a_row_of_another_width_is_told():
    statement = read(GERMAN + "26.11.2026;7,00;EUR\n")

    assert statement.problems == ["row 4: it has 3 columns instead of 5"]


@pytest.mark.parametrize("content", [b"", b"\0\1\2;\0;\0", b"one\ntwo\n", b"%PDF-1.7 stuff"])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(NotAStatement):
        table.unfold(content)


@pytest.mark.django_db
def test_a_bank_is_known_again_by_its_headings():
    with pytest.raises(LayoutUnknown):
        files.statements_in(GERMAN.encode())
    layout(table.unfold(GERMAN.encode()).headings).save()

    (statement,) = files.statements_in(GERMAN.encode())
    assert statement.account == OURS
    assert len(statement.entries) == 3
