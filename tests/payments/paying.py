"""Short words for what readers and the newsroom do."""

from tamizdat.payments import charging
from tamizdat.payments.providers import registry
from tests.conftest import NOON


def open_page(charge, *, keep=False, now=NOON):
    return charging.open_checkout(
        charge=charge,
        provider=registry.all_of_them()[0].code,
        keep_instrument=keep,
        return_url="http://testserver/thanks/",
        language="en",
        now=now,
    )
