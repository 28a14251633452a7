"""Enough readers for a verdict, for whom no browser is opened.

Real are the posts (each what the page's script tells of one reader, over HTTP, under the limits
that hold for everybody), the functions behind the checkout, the bank, and what it says of the
payment. What these readers skip is reading, and the form with its little sum.
"""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from tests.journeys.later import at_home

ONE_READER = {"met": 1, "view": 1, "close": 0, "click": 0}
AT_ONCE = 4
GIVE = """
import sys, django
django.setup()
import httpx
from django.utils import timezone
from tamizdat.funding import giving, outcome
from tamizdat.funding.origins import Origin
from tamizdat.lib.money import Money
from tamizdat.payments.models import Charge
from tests.demo_bank.cards import WORKS
appeal, arm, count = sys.argv[1:]
for _ in range(int(count)):
    now = timezone.now()
    gift = giving.Gift(
        reference=Charge(created_at=now).reference,
        money=Money(1_000, "USD"),
        interval=giving.ONCE,
        address="",
        language="en",
        origin=Origin.read({"appeal": appeal, "arm": arm}),
    )
    charge = giving.promise(gift, now=now)
    bank = giving.open_bank(charge, provider="demo-bank", language="en", now=now)
    httpx.post(bank.url, data={"number": WORKS})
    assert outcome.of(charge, now=timezone.now()).name == "thanks"
"""


def meets(address, test, **by_arm):
    """So many readers meet each arm, `a=500, b=480`: each posts to `address` once."""
    posts = [
        json.dumps({test: {arm: ONE_READER}}).encode()
        for arm, readers in by_arm.items()
        for _ in range(readers)
    ]
    with ThreadPoolExecutor(AT_ONCE) as readers:
        assert set(readers.map(lambda body: _post(address, body), posts)) == {204}


def gives(lantern, count, *, appeal, arm):
    """So many of them give ten dollars, by a message of that arm."""
    at_home(lantern, GIVE, appeal, arm, str(count))


def _post(address, body):
    with urllib.request.urlopen(urllib.request.Request(address, body)) as answer:
        return answer.status
