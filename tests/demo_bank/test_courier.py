import time

import httpx

from tamizdat.demo.bank.bank import Bank
from tamizdat.demo.bank.clerk import RETRY_SECONDS
from tamizdat.demo.bank.courier import Courier


class Line:
    """A newsroom that answers what it is told to, and a clock that only moves by hand."""

    def __init__(self, answer):
        self.answer, self.heard, self.now = answer, [], time.time()
        self.bank = Bank(":memory:", clock=lambda: self.now)
        client = httpx.Client(transport=httpx.MockTransport(self.hear))
        self.courier = Courier(
            self.bank, client=client, url="http://x/", secret="s", clock=lambda: self.now
        )
        page = {"return_url": "", "language": "", "keep": False}
        self.bank.leave(self.bank.open(key="k", amount=100, currency="EUR", page=page)["id"])

    def hear(self, request):
        self.heard.append(request)
        if self.answer is None:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(self.answer)


def test_what_is_heard_is_not_sent_again():
    line = Line(204)

    assert [line.courier.deliver(), line.courier.deliver()] == [1, 0]


def test_what_is_not_heard_is_sent_again_later_and_given_up_in_the_end():
    for answer in (500, None):
        line = Line(answer)
        for wait in RETRY_SECONDS:
            line.courier.deliver()
            line.courier.deliver()  # too early
            line.now += wait
        line.courier.deliver()
        line.now += 10**6

        assert line.courier.deliver() == 0
        assert len(line.heard) == len(RETRY_SECONDS) + 1


def test_each_sending_is_signed_anew():
    line = Line(500)
    line.courier.deliver()
    line.now += 600
    line.courier.deliver()

    first, second = (request.headers["Bank-Signature"] for request in line.heard)
    assert first != second


def test_the_bank_remembers_over_a_restart(tmp_path):
    path = str(tmp_path / "bank.sqlite3")
    page = {"return_url": "", "language": "", "keep": False}
    opened = Bank(path, clock=time.time).open(key="k", amount=100, currency="EUR", page=page)

    assert Bank(path, clock=time.time).find(key="k") == opened
