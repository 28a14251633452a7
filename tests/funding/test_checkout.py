"""From the ask to thanks, as a browser sees it whose script did the little sum."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tamizdat.funding import giving
from tamizdat.funding.models import AmountLadder, Contribution, Pledge, RiskRule, Supporter
from tamizdat.payments import settling
from tamizdat.payments.models import Attempt, Charge
from tests.conftest import NOON
from tests.demo_bank.nowhere import ASKS, EMPTY, RUSSIAN, STOLEN, WORKS
from tests.funding.givers import give, wish
from tests.funding.working import solved

pytestmark = pytest.mark.usefixtures("newsroom", "nowhere")


def fields(client, **changes):
    """What the form would send after it was shown."""
    page = client.get("/checkout/?amount=5&currency=USD&interval=month").content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    radios = dict(re.findall(r'type="radio" name="(\w+)" value="([^"]*)" checked', page))
    words = hidden | radios | {"own": "", "address": "ana@example.org", "proof": solved(page)}
    return words | changes


def press(client, **changes):
    return client.post("/checkout/", fields(client, **changes))


def through_the_bank(client, nowhere, answer, card=WORKS):
    """The reader names a card at the bank, and comes back."""
    back = nowhere.pay(answer.url, card)
    return client.get(re.sub(r"^https?://[^/]+", "", back))


def test_three_screens_from_the_ask_to_thanks(client, nowhere):
    answer = press(client)
    assert answer.url.startswith("http://bank.test/")

    page = through_the_bank(client, nowhere, answer).content.decode()

    pledge = Pledge.objects.get()
    assert (pledge.state, pledge.money.minor, pledge.interval) == ("active", 500, "month")
    assert "The next gift is taken on" in page
    assert len(nowhere.money_taken()) == 1


def test_a_reload_of_thanks_charges_nothing(client, nowhere):
    through_the_bank(client, nowhere, press(client))
    address = f"/thanks/{Charge.objects.get().reference}/"

    for _ in range(3):
        assert client.get(address).status_code == 200
        client.post(address)

    assert len(nowhere.money_taken()) == 1


def test_choosing_again_calls_the_first_off_even_if_its_bank_page_is_answered_later(
    client, nowhere
):
    first = press(client).url
    unfinished = f"/thanks/{Charge.objects.get().reference}/"

    chosen_again = client.post(unfinished, {"change": "yes"})
    through_the_bank(client, nowhere, press(client, amount="2"))
    nowhere.pay(first, WORKS)
    settling.resolve_open(now=NOON)

    assert "/checkout/?amount=5" in chosen_again.url
    assert len(nowhere.money_taken()) == 1
    assert Pledge.objects.filter(state="active").count() == 1


def test_who_goes_back_and_writes_another_amount_does_the_little_sum_again_and_pays_that_one(
    client, nowhere
):
    words = fields(client)
    first = client.post("/checkout/", words).url

    asked = client.post("/checkout/", words | {"own": "7"})
    assert (asked.status_code, len(nowhere.bank.payments())) == (422, 1)
    page = asked.content.decode()
    again = client.post("/checkout/", words | {"own": "7", "proof": solved(page)})
    through_the_bank(client, nowhere, again)
    nowhere.pay(first, WORKS)
    settling.resolve_open(now=NOON)

    assert [payment["amount"] for payment in nowhere.money_taken()] == [700]


@pytest.mark.parametrize("strange", [{"interval": "week"}, {"interval": ""}, {"currency": "IRR"}])
def test_a_rhythm_or_currency_that_is_none_never_becomes_another(client, strange):
    assert press(client, **strange).status_code == 422
    assert not Charge.objects.exists()


def test_a_gift_made_once_needs_no_address(client, nowhere):
    answer = press(client, address="", interval="once", currency="EUR", own="12,50")
    through_the_bank(client, nowhere, answer)

    gift = Contribution.objects.get()
    assert (gift.supporter, gift.charge.money.minor, gift.charge.currency) == (None, 1250, "EUR")
    assert not Supporter.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"own": "1"}, "The smallest gift is $2"),
        ({"own": "100000"}, "The largest gift on this page is $800"),
        ({"own": "five"}, "as a plain number, such as $5"),
        ({"own": "2.505"}, "as a plain number"),
        ({"own": "-5"}, "The smallest gift"),
        ({"own": "", "amount": ""}, "Please choose an amount"),
        ({"address": "ana@"}, "This is no e-mail address"),
        ({"address": ""}, "We need an address here"),
        ({"method": "barter"}, "Please choose how to pay"),
        ({"own": "9" * 500}, "at most 20 characters"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_written(client, changes, sentence):
    answer = press(client, **changes)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'<p class="problem" role="alert"[^>]*>[^<]*{re.escape(sentence)}', page)
    assert not Charge.objects.exists()


def test_a_form_that_comes_back_has_everything_kept(client):
    words = fields(client, own="1", address="ana@example.org", method="wallet")

    page = client.post("/checkout/", words).content.decode()

    assert f'name="reference" value="{words["reference"]}"' in page
    assert (
        'name="own" inputmode="decimal" autocomplete="off" maxlength="20" dir="ltr" value="1"'
        in page
    )
    assert 'value="ana@example.org"' in page
    assert 'value="wallet" checked' in page


@pytest.mark.parametrize(
    "query",
    [
        "",
        "amount=NaN&currency=XXX&interval=hourly",
        "amount=5&amount=6&currency=%00",
        "from=//evil",
    ],
)
def test_garbage_in_the_address_becomes_the_usual_form(client, query):
    answer = client.get(f"/checkout/?{query}")

    assert answer.status_code == 200
    assert 'name="currency" value="USD"' in answer.content.decode()


def test_the_form_is_filled_with_what_the_ask_chose(client):
    page = client.get(
        "/checkout/?amount=27.50&currency=EUR&interval=year&from=/a/b/"
    ).content.decode()
    assert 'value="27.50"' in page
    assert 'name="source_page" value="/a/b/"' in page
    assert "How much each year?" in page


def test_when_the_bank_does_not_answer_nothing_was_taken_and_pressing_again_works(client, nowhere):
    words = fields(client)
    nowhere.bank.dial.break_before = 1
    answer = client.post("/checkout/", words)
    assert "Nothing was taken: please try again." in answer.content.decode()

    through_the_bank(client, nowhere, client.post("/checkout/", words))

    assert (Pledge.objects.count(), len(nowhere.money_taken())) == (1, 1)


@pytest.mark.parametrize(
    ("card", "sentence"), [(EMPTY, "not enough money"), (STOLEN, "no longer accepts this card")]
)
def test_declined_then_again_with_another_card(client, nowhere, card, sentence):
    page = through_the_bank(client, nowhere, press(client), card).content.decode()
    assert sentence in page
    assert "$5 each month" in page

    address = f"/thanks/{Charge.objects.get().reference}/"
    through_the_bank(client, nowhere, client.post(address, {"proof": solved(page)}))

    assert Pledge.objects.get().state == "active"
    assert Charge.objects.get().attempts.count() == 2


def test_a_reader_who_left_the_bank_is_told_that_nothing_was_taken(client, nowhere):
    answer = press(client)
    nowhere.bank.leave(nowhere.bank.payments()[0]["id"])

    page = client.get(f"/thanks/{Charge.objects.get().reference}/").content.decode()

    assert answer.status_code == 302
    assert "without paying. That is all right." in page


def test_a_question_of_the_bank_that_is_not_answered_yet_can_be_gone_on_with(client, nowhere):
    answer = press(client)
    nowhere.pay(answer.url, ASKS)
    address = f"/thanks/{Charge.objects.get().reference}/"

    assert "still waiting for you" in client.get(address).content.decode()
    assert client.post(address).url == answer.url


def test_while_the_bank_is_silent_the_page_looks_again_a_few_times_only(client, nowhere):
    nowhere.bank.dial.pend = 1
    page = through_the_bank(client, nowhere, press(client)).content.decode()
    address = f"/thanks/{Charge.objects.get().reference}/"

    assert "You do not need to pay again" in page
    assert 'http-equiv="refresh"' in page
    assert 'http-equiv="refresh"' not in client.get(f"{address}?look=6").content.decode()
    assert client.get(f"{address}?look=x").status_code == 200


def test_what_another_follows_at_the_same_moment_is_not_known_yet(client, nowhere, monkeypatch):
    fetch = nowhere.provider.fetch

    def fetch_while_another_names_it(**words):
        found = fetch(**words)
        Attempt.objects.update(remote_id="pay_another")
        return found

    nowhere.bank.dial.break_after = 1
    through_the_bank(client, nowhere, press(client))
    monkeypatch.setattr(nowhere.provider, "fetch", fetch_while_another_names_it)

    answer = client.get(f"/thanks/{Charge.objects.get().reference}/")

    assert (answer.status_code, Charge.objects.get().state) == (200, "open")
    assert "You do not need to pay again" in answer.content.decode()


@pytest.mark.parametrize("pressed", [{"change": "yes"}, {"proof": ""}])
def test_a_bank_that_is_silent_when_one_chooses_again_is_said_in_a_sentence(
    client, nowhere, pressed
):
    press(client)
    nowhere.bank.dial.break_before = 9

    answer = client.post(f"/thanks/{Charge.objects.get().reference}/", pressed)

    assert answer.status_code == 200
    assert "The bank does not answer" in answer.content.decode()


def test_where_a_gift_endangers_nothing_is_taken_and_the_page_says_what_helps(client, nowhere):
    RiskRule.objects.create(country="RU", action="never", starts_on="2020-01-01")

    page = through_the_bank(client, nowhere, press(client), RUSSIAN).content.decode()

    assert "can be held against you: Russia" in page
    assert "What helps instead" in page
    assert "Try again" not in page
    assert nowhere.money_taken() == []


def test_a_thanks_page_nobody_was_given_does_not_exist(client):
    assert client.get("/thanks/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_nothing_here_is_stored_by_browsers_or_sets_a_cookie(client):
    answer = client.get("/checkout/")

    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_bank_is_told_neither_address_nor_story(client, nowhere):
    press(client, source_page="/harbour/the-ferry/")

    told = str(nowhere.bank.payments())
    assert "ana@" not in told
    assert "ferry" not in told


@pytest.mark.parametrize("language", ["ru", "fa"])
def test_every_language_proposes_amounts(client, language):
    assert client.get(f"/{language}/checkout/").status_code == 200


def test_a_currency_that_no_bank_here_takes_is_not_offered(client):
    page = client.get("/checkout/").content.decode()

    assert AmountLadder.objects.filter(currency="UAH").exists()
    assert "currency=EUR" in page
    assert "currency=UAH" not in page


def test_without_amounts_there_is_no_checkout(client):
    AmountLadder.objects.all().delete()

    assert client.get("/checkout/").status_code == 404


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    presses=st.lists(
        st.tuples(st.sampled_from([200, 500]), st.sampled_from(["month", "once"])), min_size=1
    )
)
def test_however_often_one_form_is_pressed_only_the_last_choice_can_be_paid(presses):
    reference = wish().reference
    before = set(Charge.objects.values_list("pk", flat=True))

    for minor, interval in [press for press in presses for _ in range(2)]:
        giving.promise(wish(interval, minor=minor, reference=reference), now=NOON)

    live = Charge.objects.exclude(pk__in=before).exclude(state="canceled")
    assert [(charge.amount_minor, giving.interval_of(charge)) for charge in live] == [presses[-1]]


def test_a_form_that_was_paid_is_paid_whatever_is_pressed_after(nowhere):
    reference = wish().reference
    give(nowhere, wish(minor=500, reference=reference))

    again = giving.promise(wish(minor=200, reference=reference), now=NOON)

    assert again.state == "succeeded"
    assert [payment["amount"] for payment in nowhere.money_taken()] == [500]
