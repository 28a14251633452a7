"""What a mail server, or a provider, says of addresses, and what is believed of it."""

import contextlib

import pytest
from django.core import mail

from tamizdat.newsletters.models import Subscriber
from tamizdat.outlet import handing, mailing
from tests.newsletters.conftest import server  # noqa: F401
from tests.newsletters.making import readers, subscribe
from tests.outlet import providers

pytestmark = pytest.mark.usefixtures("newsroom")
ANA, BESO = "ana@example.org", "beso@example.org"


def a_mail(to):
    return mailing.written(to=to, subject="A letter", text="a", html="a")


def hand_over(*addresses):
    """One after the other in one round. What became of each."""
    said = []
    with contextlib.suppress(handing.NotNow), handing.connected() as line:
        for address in addresses:
            try:
                handing.hand_over(a_mail(address), line)
                said.append("taken")
            except handing.NotNow:
                raise
            except mailing.MailNotSent as error:
                said.append(type(error).__name__)
    return said


def knows_nobody_of(*addresses):
    return lambda to: "550 5.1.1 unknown" if to in addresses else "250 OK"


@pytest.mark.parametrize("order", [(ANA, BESO), (BESO, ANA)])
def test_that_nobody_is_there_is_believed_of_a_server_that_takes_another(server, order):  # noqa: F811
    subscribe(ANA, BESO)
    server.greet = knows_nobody_of(ANA)

    assert sorted(hand_over(*order)) == ["NobodyThere", "taken"]
    assert [each.address for each in Subscriber.objects.all()] == [BESO]


def test_of_a_server_that_takes_none_it_is_not_believed(server):  # noqa: F811
    subscribe(ANA, BESO)
    server.greet = knows_nobody_of(ANA, BESO)

    assert hand_over(ANA, BESO) == ["NobodyThere"] * 2
    assert Subscriber.objects.count() == 2


def test_nor_of_one_that_says_so_of_ten_in_a_row_which_is_asked_no_more(server):  # noqa: F811
    several = readers(12)
    subscribe(*several)
    server.greet = knows_nobody_of(*several[1:])

    assert hand_over(*several) == ["taken", *["NobodyThere"] * 10]
    assert Subscriber.objects.count() == 12


def test_a_provider_that_refuses_an_address_is_a_server_that_does(settings, monkeypatch):
    providers.answer(settings, monkeypatch, {ANA: providers.REFUSED})

    assert hand_over(ANA, BESO) == ["Refused", "taken"]


def test_a_provider_that_cannot_read_an_address_refuses_it(settings, monkeypatch):
    providers.answer(settings, monkeypatch, {})

    assert hand_over("ana at example.org", BESO) == ["Refused", "taken"]


def test_whatever_else_a_provider_says_is_in_doubt_and_is_told_without_the_address(
    settings, monkeypatch
):
    providers.answer(settings, monkeypatch, {ANA: providers.BROKEN})

    with pytest.raises(handing.InDoubt) as error:
        handing.send(a_mail(ANA))
    assert "ana" not in str(error.value)
    assert mail.outbox == []
