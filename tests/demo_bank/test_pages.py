"""What a reader sees at the bank, without JavaScript."""

import pytest

from tests.demo_bank.nowhere import ADDRESS, ASKS, EMPTY, TIRES, WORKS, Nowhere


def a_payment(nowhere, **words):
    page = {"return_url": "http://testserver/thanks/", "language": "en", "keep": False} | words
    return nowhere.bank.open(key="key-1", amount=250, currency="USD", page=page)["id"]


@pytest.fixture
def nowhere():
    return Nowhere()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ['dir="ltr"', "$2.50", "Pretend money"]),
        ("ru", ['lang="ru"', "2,50", "понарошку"]),
        ("fa", ['dir="rtl"', "۵۰", "ناکجاآباد"]),
        ("xx", ["Pretend money"]),
    ],
)
def test_the_page_speaks_the_reader_s_language(nowhere, language, words):
    if language == "xx":
        language = ""
    page = nowhere.reader().get(f"/pay/{a_payment(nowhere, language=language)}").text

    assert all(word in page for word in words)


def test_the_page_runs_no_script_and_asks_nobody_else(nowhere):
    answer = nowhere.reader().get(f"/pay/{a_payment(nowhere)}")
    policy = answer.headers["Content-Security-Policy"]

    assert "<script" not in answer.text
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://testserver;" in policy
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("typed", [WORKS, "4000 0000 0000 0010", "۴۰۰۰-۰۰۰۰-۰۰۰۰-۰۰۱۰", "70001001"])
def test_a_number_may_be_typed_in_any_digits(nowhere, typed):
    payment = a_payment(nowhere)

    assert nowhere.pay(f"{ADDRESS}/pay/{payment}", typed) == "http://testserver/thanks/"
    assert nowhere.bank.find(payment_id=payment)["state"] == "ready"


def test_an_unknown_number_is_explained_in_place(nowhere):
    answer = nowhere.reader().post(f"/pay/{a_payment(nowhere)}", data={"number": "1<2"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "1&lt;2" in answer.text


def test_the_question_names_the_sum_and_the_card(nowhere):
    onward = nowhere.pay(f"{ADDRESS}/pay/{a_payment(nowhere)}", ASKS)

    page = nowhere.reader().get(onward).text
    assert "$2.50" in page
    assert "3220" in page


def test_a_question_cannot_be_answered_before_a_card_is_named(nowhere):
    payment = a_payment(nowhere)
    nowhere.reader().post(f"/pay/{payment}/question", data={"answer": "yes"})

    assert nowhere.bank.find(payment_id=payment)["state"] == "waiting"


def test_a_payment_that_is_over_leads_back(nowhere):
    payment = a_payment(nowhere)
    nowhere.bank.leave(payment)

    assert nowhere.reader().get(f"/pay/{payment}").location == "http://testserver/thanks/"


def test_there_is_no_page_for_a_payment_nobody_asked_for(nowhere):
    assert nowhere.reader().get("/pay/pay_0").status_code == 404


def test_fees_are_never_more_than_the_whole(nowhere):
    payment = nowhere.bank.open(
        key="tiny", amount=7, currency="USD", page={"return_url": "", "language": "", "keep": True}
    )
    assert payment["fee"] == 7


@pytest.mark.parametrize(("number", "left"), [(TIRES, 2), (EMPTY, 0)])
def test_a_token_remembers_how_often_its_card_will_refuse(nowhere, number, left):
    payment = nowhere.bank.choose(a_payment(nowhere, keep=True), number)

    with nowhere.bank._vaults.open() as db:
        kept = db.execute("SELECT * FROM tokens WHERE token = ?", (payment["token"],)).fetchone()
    assert kept["refusals_left"] == left


def test_the_dial_knows_only_its_faults(nowhere):
    with pytest.raises(ValueError, match="explode"):
        nowhere.bank.dial.turn(explode=1)
