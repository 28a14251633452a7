"""Short words for what readers and the newsroom do."""

from tamizdat.payments import charging
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import RemoteState
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


def take(provider, remote):
    """Confirm it, under each name it gets on the way."""
    while remote.state in (RemoteState.READY, RemoteState.HELD):
        known, remote = remote, provider.confirm(remote)
        assert (remote.state, remote.id) != (known.state, known.id)
    return remote
