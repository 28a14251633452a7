"""How we ask is one row: it is changed, and there is never another."""

import pytest
from django.urls import reverse

from tamizdat.appeals.models import Asking

pytestmark = pytest.mark.usefixtures("newsroom")


def address_of(view, *args):
    return reverse(Asking.snippet_viewset.get_url_name(view), args=args)


def test_another_way_of_asking_beside_the_one_is_not_made(admin_client):
    admin_client.post(address_of("add"), {"is_off": "on", "holdback": "0"})

    assert Asking.objects.count() == 1
    assert address_of("add") not in admin_client.get(address_of("list")).content.decode()


def test_the_one_is_switched_off(admin_client):
    admin_client.post(
        address_of("edit", Asking.objects.get().pk), {"is_off": "on", "holdback": "0"}
    )

    assert Asking.ours().is_off


def test_the_one_is_not_taken_away(admin_client):
    admin_client.post(address_of("delete", Asking.objects.get().pk))

    assert Asking.objects.count() == 1
