"""Rows of pledges that the database refuses, whatever the code thinks."""

import pytest
from django.db import IntegrityError

from tamizdat.funding.models import Due, Pledge
from tamizdat.payments.models import Charge
from tests.conftest import NOON
from tests.funding.givers import pledge_of

pytestmark = pytest.mark.usefixtures("outlet")


@pytest.fixture
def pledge(nowhere):
    return pledge_of(nowhere)


def test_a_period_of_a_pledge_has_one_due(pledge):
    again = Charge.objects.create(amount_minor=500, currency="USD", created_at=NOON)

    with pytest.raises(IntegrityError):
        Due.objects.create(pledge=pledge, period_on=pledge.dues.get().period_on, charge=again)


def test_a_due_is_tried_four_times_at_most(pledge):
    with pytest.raises(IntegrityError):
        pledge.dues.update(tries=5)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "lucky"},
        {"interval": "day"},
        {"amount_minor": 0},
        {"currency": "usd"},
        {"instrument": None},
        {"next_due_on": None},
        {"state": "stopped"},
    ],
    ids=str,
)
def test_a_pledge_is_whole(pledge, fields):
    with pytest.raises(IntegrityError):
        Pledge.objects.filter(pk=pledge.pk).update(**fields)
