"""Short words for what readers and the newsroom do."""

from tamizdat.payments import charging
from tests.conftest import NOON


def open_page(charge, *, keep=False, now=NOON):
    return charging.open_checkout(
        charge=charge,
        provider="demo-bank",
        keep_instrument=keep,
        return_url="http://testserver/thanks/",
        language="en",
        now=now,
    )
